import sharp, { type Sharp } from 'sharp';
import { difference, pixels } from '../cli/compare.ts';

/** From this on, two pictures show the same. */
export const LIKE = 0.2;

/** A painting differs from its photo by more than this, of 255. */
const PAINT = 8;

/** A part of a photo may look much the same turned round; another's does so more than this. */
const TURNED = 0.2;

/** How alike light and dark are in two pictures of one size, -1 to 1; and where the second is turned round. */
export async function likeness(
  picture: Sharp,
  photo: Sharp,
): Promise<{ readonly upright: number; readonly turned: number }> {
  const [own, other] = [await luminance(picture), await luminance(photo)];
  return { upright: correlation(own, other), turned: correlation(own, other.toReversed()) };
}

/** Why these bytes are no painting of that photo: another size, the photo itself, another one's. Undefined where they are. */
export async function faultOf(painting: Uint8Array, photo: Uint8Array): Promise<string | undefined> {
  const [own, other] = [await sharp(painting).metadata(), await sharp(photo).metadata()];
  if (own.width !== other.width || own.height !== other.height)
    return `${own.width} × ${own.height} for a photo of ${other.width} × ${other.height}`;
  // What pictures show is told as well by small ones, and much sooner.
  const small = async (bytes: Uint8Array): Promise<Sharp> =>
    sharp(await sharp(bytes).resize(96, 96, { fit: 'fill' }).removeAlpha().png().toBuffer());
  const [a, b] = [await small(painting), await small(photo)];
  if ((await difference(a, b)) <= PAINT) return 'the photo, not painted';
  const { upright, turned } = await likeness(a, b);
  if (upright > LIKE && upright > turned - TURNED) return undefined;
  return `a likeness of ${upright.toFixed(2)} to the photo, and of ${turned.toFixed(2)} to it turned round`;
}

async function luminance(picture: Sharp): Promise<readonly number[]> {
  return [...(await pixels(sharp(await picture.png().toBuffer()).greyscale()))];
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const means = [one, other].map((all) => all.reduce((sum, value) => sum + value, 0) / all.length);
  const [a, b] = [one, other].map((all, at) => all.map((value) => value - (means[at] ?? 0)));
  const product = (x: readonly number[] = [], y: readonly number[] = []): number =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
