import { fromInterleaved, toSharp } from './interleaved.ts';
import type { Picture, Size } from './picture.ts';

/** A picture at another size by Lanczos's kernel, out of proportion where the sides ask for it. Colours are weighted by alpha. */
export async function resize(picture: Picture, width: number, height: number): Promise<Picture> {
  if (width === picture.width && height === picture.height) return picture;
  const data = await toSharp(picture)
    .resize({ width, height, fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return fromInterleaved(data, { width, height, channels: picture.alpha ? 4 : 3 });
}

/** A picture in proportion, whose shorter side is `side`. */
export async function resizeShortSide(picture: Picture, side: number): Promise<Picture> {
  const scale = side / Math.min(picture.width, picture.height);
  const to = (length: number): number => Math.max(side, Math.round(length * scale));
  return resize(picture, to(picture.width), to(picture.height));
}

/** A picture softened by a Gaussian of `sigma` pixels; 0 leaves it as it is. Below 0.3 there is nothing to soften. */
export async function blur(picture: Picture, sigma: number): Promise<Picture> {
  if (sigma < 0.3) return picture;
  const { width, height } = picture;
  const data = await toSharp(picture).blur({ sigma, precision: 'float' }).raw().toBuffer();
  return fromInterleaved(data, { width, height, channels: picture.alpha ? 4 : 3 });
}

/** The square in the middle. @throws RangeError where a side is shorter than `side` */
export function centreCrop(picture: Picture, side: number): Picture {
  const { width, height } = picture;
  if (Math.min(width, height) < side) throw new RangeError(`${width} × ${height} has no square of ${side}`);
  return crop(picture, {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) / 2),
    width: side,
    height: side,
  });
}

/** Without so many pixels on each side. */
export function withoutBorder(picture: Picture, border: number): Picture {
  const [width, height] = [picture.width - 2 * border, picture.height - 2 * border];
  return crop(picture, { left: border, top: border, width, height });
}

/** A part of a picture. @throws RangeError where it lies outside */
export function crop(
  picture: Picture,
  part: Size & { readonly left: number; readonly top: number },
): Picture {
  const { left, top, width, height } = part;
  if (Math.min(left, top) < 0 || left + width > picture.width || top + height > picture.height)
    throw new RangeError(`${picture.width} × ${picture.height} has no part ${JSON.stringify(part)}`);
  const cut = (plane: Uint8Array, channels: number): Uint8Array => {
    const result = new Uint8Array(width * height * channels);
    for (let row = 0; row < height; row++) {
      const from = ((top + row) * picture.width + left) * channels;
      result.set(plane.subarray(from, from + width * channels), row * width * channels);
    }
    return result;
  };
  const rgb = cut(picture.rgb, 3);
  return picture.alpha ? { width, height, rgb, alpha: cut(picture.alpha, 1) } : { width, height, rgb };
}
