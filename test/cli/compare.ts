import type { Sharp } from 'sharp';

/** Red, green and blue of each pixel. */
export function pixels(image: Sharp): Promise<Buffer> {
  return image.removeAlpha().toColourspace('srgb').raw().toBuffer();
}

/** The mean difference of two pictures' samples, 0 to 255; infinite where their sizes differ. */
export async function difference(one: Sharp, other: Sharp): Promise<number> {
  const [a, b] = await Promise.all([pixels(one), pixels(other)]);
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return mean(a.map((value, index) => Math.abs(value - (b[index] ?? 0))));
}

export function mean(samples: Uint8Array): number {
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}
