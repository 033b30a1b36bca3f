import sharp, { type Sharp } from 'sharp';
import type { Picture } from './picture.ts';

/** Raw output of sharp (grey, grey and alpha, RGB or RGBA, 8 bits) as a picture. */
export function fromInterleaved(
  data: Buffer,
  { width, height, channels }: { readonly width: number; readonly height: number; readonly channels: number },
): Picture {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (channels === 3) return { width, height, rgb: bytes };
  const area = width * height;
  const rgb = new Uint8Array(3 * area);
  const alpha = channels % 2 === 0 ? new Uint8Array(area) : undefined;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let place = 0; place < area; place++) {
    const from = place * channels;
    rgb[3 * place] = bytes[from] ?? 0;
    rgb[3 * place + 1] = bytes[from + green] ?? 0;
    rgb[3 * place + 2] = bytes[from + blue] ?? 0;
    if (alpha) alpha[place] = bytes[from + channels - 1] ?? 0;
  }
  return alpha ? { width, height, rgb, alpha } : { width, height, rgb };
}

/** A picture as sharp takes it: raw RGB, or RGBA where there is alpha. */
export function toSharp(picture: Picture): Sharp {
  const { width, height, alpha } = picture;
  return sharp(toInterleaved(picture), { raw: { width, height, channels: alpha ? 4 : 3 } });
}

/** HWC, 0–255: RGB, or RGBA where there is alpha. */
export function toInterleaved({ width, height, rgb, alpha }: Picture): Uint8Array {
  if (!alpha) return rgb;
  const rgba = new Uint8Array(4 * width * height);
  for (let place = 0; place < alpha.length; place++) {
    rgba[4 * place] = rgb[3 * place] ?? 0;
    rgba[4 * place + 1] = rgb[3 * place + 1] ?? 0;
    rgba[4 * place + 2] = rgb[3 * place + 2] ?? 0;
    rgba[4 * place + 3] = alpha[place] ?? 0;
  }
  return rgba;
}
