import { matchHistograms } from '../images/histogram.ts';
import type { Picture, Size } from '../images/picture.ts';
import { crop, withoutBorder } from '../images/resample.ts';
import { mirrored } from './mirror.ts';
import { fromPlanes, toPlanes } from './planes.ts';
import type { OnProgress } from './stylize.ts';

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
  const around = mirrored(picture, reach, reach);
  const rgb = new Uint8Array(3 * size.width * size.height);
  const [columns, rows] = [tilesOf(picture.width, tileSide), tilesOf(picture.height, tileSide)];
  let done = 0;
  for (const [top, height] of rows) {
    for (const [left, width] of columns) {
      const seen = crop(around, { left, top, width: width + 2 * reach, height: height + 2 * reach });
      const planes = await network.enlarge(toPlanes(seen), seen.width, seen.height);
      const enlarged = fromPlanes(planes, seen.width * factor, seen.height * factor);
      const part = withoutBorder(enlarged, reach * factor);
      put(rgb, size, part, left * factor, top * factor);
      onProgress(++done / (rows.length * columns.length));
    }
  }
  const result = { ...size, rgb };
  return network.matched ? matchHistograms(result, picture) : result;
}

/** Starts and lengths of the fewest parts, all but alike, none longer than `most`. */
function tilesOf(length: number, most: number): [start: number, length: number][] {
  const count = Math.ceil(length / most);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * length) / count);
    return [start, Math.floor(((index + 1) * length) / count) - start];
  });
}

function put(rgb: Uint8Array, { width }: Size, part: Picture, left: number, top: number): void {
  for (let row = 0; row < part.height; row++) {
    const from = 3 * row * part.width;
    rgb.set(part.rgb.subarray(from, from + 3 * part.width), 3 * ((top + row) * width + left));
  }
}
