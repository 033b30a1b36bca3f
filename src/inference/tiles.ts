import { matchHistograms } from '../images/histogram.ts';
import type { Picture, Size } from '../images/picture.ts';
import { withoutBorder } from '../images/resample.ts';
import { mirroredPart } from './mirror.ts';
import { fromPlanes, toPlanes } from './planes.ts';
import type { OnProgress } from './progress.ts';
import { putPart, tilesOf } from './tile-grid.ts';

/** A super-resolution network, ready to run. */
export interface UpscaleNetwork {
  readonly factor: number;
  /** Pixels to either side that a pixel's value depends on, in the small picture. */
  readonly reach: number;
  /** True where what it makes is given the small picture's own levels, as in the paper. */
  readonly matched: boolean;
  /** [1, 3, height, width], RGB, 0–255, to [1, 3, factor · height, factor · width], neither clipped nor rounded. */
  enlarge(planes: Float32Array, width: number, height: number): Promise<Float32Array>;
}

/** Longest side of a tile in the enlarged picture, what it overlaps its neighbours by not included. */
const TILE_SIDE = 512;

/**
 * Enlarge a picture tile by tile, so that memory does not grow with it. A tile is seen with `reach` pixels around it, or
 * of the picture's mirror image where there are none, so that seams and borders can't be told from anything else: the
 * result is that of the whole picture in one run. Alpha is left out.
 *
 * @param onProgress told after each tile
 * @param tileSide longest side of a tile in the small picture
 */
export async function enlarge(
  network: UpscaleNetwork,
  picture: Picture,
  onProgress: OnProgress = () => undefined,
  tileSide: number = Math.ceil(TILE_SIDE / network.factor),
): Promise<Picture> {
  const { factor, reach } = network;
  const size: Size = { width: picture.width * factor, height: picture.height * factor };
  const rgb = new Uint8Array(3 * size.width * size.height);
  const tiles = tilesOf(picture, tileSide);
  for (const [index, { left, top, width, height }] of tiles.entries()) {
    const seen = mirroredPart(picture, {
      left: left - reach,
      top: top - reach,
      width: width + 2 * reach,
      height: height + 2 * reach,
    });
    const planes = await network.enlarge(toPlanes(seen), seen.width, seen.height);
    const enlarged = fromPlanes(planes, seen.width * factor, seen.height * factor);
    putPart(rgb, size, withoutBorder(enlarged, reach * factor), left * factor, top * factor);
    onProgress((index + 1) / tiles.length);
  }
  const result = { ...size, rgb };
  return network.matched ? matchHistograms(result, picture) : result;
}
