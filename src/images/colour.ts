import type { Picture, Size } from './picture.ts';
import { resize } from './resample.ts';

/** Luma of BT.601 (JFIF), 0–255, from red, green, blue in 0–255. */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * The painting's strokes in the source's colours: luma from the one, chroma (Cb, Cr of BT.601, full range) from the
 * other. Both of one size.
 */
export function keepColors(painting: Picture, source: Picture): Picture {
  return addLuma(source, (place) => lumaAt(painting, place) - lumaAt(source, place), painting);
}

/**
 * A painting that was made at a smaller size gets back the fine part of the source's luma, that which the smaller size
 * could not hold: edges are then as sharp as the source's.
 *
 * @param painting of the source's size
 * @param size at which the painting was made
 * @param gain how much of it: 1 is all
 */
export async function fineLuminance(
  painting: Picture,
  source: Picture,
  size: Size,
  gain: number,
): Promise<Picture> {
  const small = await resize(source, size.width, size.height);
  const coarse = await resize(small, source.width, source.height);
  return addLuma(painting, (place) => gain * (lumaAt(source, place) - lumaAt(coarse, place)), painting);
}

/** `base` with its luma changed by `amount` at each pixel, clipped, and the alpha of `like`. */
function addLuma(base: Picture, amount: (place: number) => number, like: Picture): Picture {
  const { width, height, rgb } = base;
  const result = new Uint8ClampedArray(rgb.length);
  for (let place = 0; place < width * height; place++) {
    const change = amount(place);
    const at = 3 * place;
    result[at] = (rgb[at] ?? 0) + change;
    result[at + 1] = (rgb[at + 1] ?? 0) + change;
    result[at + 2] = (rgb[at + 2] ?? 0) + change;
  }
  const picture = { width, height, rgb: new Uint8Array(result.buffer) };
  return like.alpha ? { ...picture, alpha: like.alpha } : picture;
}

function lumaAt({ rgb }: Picture, place: number): number {
  const at = 3 * place;
  return luma(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
}
