import sharp from 'sharp';
import type { Picture } from '../../images/picture.ts';

/**
 * Decode a photo of one's own, upright, in sRGB, on white where it is transparent, resized (up or down) so that its
 * short side is `shortSide`. Harmless faults of a file are overlooked; one that is cut off is an error of sharp's.
 */
export async function readPhoto(file: string, shortSide: number): Promise<Picture> {
  const { data, info } = await sharp(file, { failOn: 'error', autoOrient: true })
    .resize({ width: shortSide, height: shortSide, fit: 'outside' })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new TypeError(`expected three channels but received ${info.channels}`);
  return { width: info.width, height: info.height, rgb: data };
}

/**
 * Cut a square out of a photo and write it as one picture of a batch.
 *
 * @param to planes of `side` × `side` floats: red, green, blue in 0–255 (CHW)
 * @param place x and y in [0, 1): how far along the room that there is; `flip` mirrors left and right
 */
export function cutSquare(
  photo: Picture,
  side: number,
  place: { readonly x: number; readonly y: number; readonly flip: boolean },
  to: Float32Array,
): void {
  const left = Math.floor(place.x * (photo.width - side + 1));
  const top = Math.floor(place.y * (photo.height - side + 1));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = ((top + y) * photo.width + left + (place.flip ? side - 1 - x : x)) * 3;
      const at = y * side + x;
      for (let channel = 0; channel < 3; channel++)
        to[channel * side * side + at] = photo.rgb[from + channel] ?? 0;
    }
  }
}
