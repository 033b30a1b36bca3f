import { luma } from './colour.ts';
import type { Picture } from './picture.ts';

/**
 * Peak signal-to-noise ratio of two pictures of one size, in decibels; infinite where they are equal.
 *
 * @param on `rgb`: over all channels; `y`: over the luma of BT.601 in 16–235, unrounded, as the benchmarks of
 * super-resolution have it
 * @throws RangeError where the sizes differ
 */
export function psnr(a: Picture, b: Picture, on: 'rgb' | 'y'): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`${a.width} × ${a.height} and ${b.width} × ${b.height} can't be compared`);
  }
  const area = a.width * a.height;
  let sum = 0;
  for (let place = 0; place < area; place++) {
    const red = difference(a, b, 3 * place);
    const green = difference(a, b, 3 * place + 1);
    const blue = difference(a, b, 3 * place + 2);
    sum += on === 'y' ? (STUDIO * luma(red, green, blue)) ** 2 : (red ** 2 + green ** 2 + blue ** 2) / 3;
  }
  return 10 * Math.log10(255 ** 2 / (sum / area));
}

/** Matlab's `rgb2ycbcr` gives luma from 16 to 235, which makes differences smaller. */
const STUDIO = 219 / 255;

function difference(a: Picture, b: Picture, at: number): number {
  return (a.rgb[at] ?? 0) - (b.rgb[at] ?? 0);
}
