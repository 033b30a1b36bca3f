import { SMALLEST_SIDE } from '../graph/networks/style.ts';
import type { Picture } from '../images/picture.ts';
import { crop } from '../images/resample.ts';
import { mirroredPart } from './mirror.ts';
import type { TransformNetwork } from './network.ts';
import { fromPlanes, toPlanes } from './planes.ts';

/**
 * Paint a picture whole, in one run.
 * @returns clipped and rounded, of the picture's size; alpha is left out
 */
export async function paintWhole(
  network: Pick<TransformNetwork, 'paint'>,
  picture: Picture,
): Promise<Picture> {
  const seen = seenWhole(picture);
  const planes = await network.paint(toPlanes(seen), seen.width, seen.height);
  const { width, height } = picture;
  return crop(fromPlanes(planes, seen.width, seen.height), { left: 0, top: 0, width, height });
}

/** A picture as a network sees it: the mirror image is on the right and below of what is too small for it. */
export function seenWhole(picture: Picture): Picture {
  const width = Math.max(picture.width, SMALLEST_SIDE);
  const height = Math.max(picture.height, SMALLEST_SIDE);
  const fits = width === picture.width && height === picture.height;
  return fits ? picture : mirroredPart(picture, { left: 0, top: 0, width, height });
}
