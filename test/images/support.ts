import sharp, { type Sharp } from 'sharp';
import type { Picture } from '../../src/images/picture.ts';

/** A picture without symmetries: every pixel tells where it is, and neighbours are alike. */
export function gradient(width: number, height: number, alpha = false): Picture {
  const rgb = new Uint8Array(3 * width * height);
  const opacity = new Uint8Array(width * height);
  for (let place = 0; place < width * height; place++) {
    const x = (place % width) / Math.max(1, width - 1);
    const y = Math.floor(place / width) / Math.max(1, height - 1);
    rgb[3 * place] = 40 + 150 * x;
    rgb[3 * place + 1] = 60 + 140 * y;
    rgb[3 * place + 2] = 200 - 80 * x * y;
    opacity[place] = 254 * (1 - 0.7 * x);
  }
  return alpha ? { width, height, rgb, alpha: opacity } : { width, height, rgb };
}

export function toSharp({ width, height, rgb }: Picture): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** The largest difference of two planes. */
export function farthest(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? 0))), 0);
}
