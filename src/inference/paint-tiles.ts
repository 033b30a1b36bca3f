import { STYLE_GRID } from '../graph/networks/style.ts';
import type { Picture, Size } from '../images/picture.ts';
import { crop } from '../images/resample.ts';
import type { Statistics, TransformNetwork } from './network.ts';
import { seenWhole } from './paint-whole.ts';
import { fromPlanes, toPlanes } from './planes.ts';
import type { OnProgress } from './progress.ts';
import { type Part, putPart, tilesOf } from './tile-grid.ts';

/** Longest side of a tile, what it overlaps its neighbours by not included, in pixels: some 350 MB with it. */
const TILE_SIDE = 640;

/** A painted part and the source below it, both of one size, as what shall stand in the result. */
export type Finish = (painting: Picture, source: Picture) => Picture;

/** The statistics by which parts of a picture, or pictures that belong together, are painted alike. */
export async function statisticsOf(network: TransformNetwork, picture: Picture): Promise<Statistics> {
  const seen = seenWhole(picture);
  // The session's own memory is used again by its next run.
  return Float32Array.from(await network.statistics(toPlanes(seen), seen.width, seen.height));
}

/**
 * Paint every pixel of a picture, tile by tile, by statistics that are held, so that memory does not grow with the
 * picture and no seam can be told: by the picture's own statistics the result is that of `paintWhole`. Alpha is left
 * out.
 *
 * @param finish applied to each part
 * @param onProgress told after each tile
 * @param tileSide longest side of a tile, in pixels
 */
export async function paintTiles(
  network: TransformNetwork,
  statistics: Statistics,
  picture: Picture,
  finish: Finish = (painting) => painting,
  onProgress: OnProgress = () => undefined,
  tileSide: number = TILE_SIDE,
): Promise<Picture> {
  const { width, height } = picture;
  const rgb = new Uint8Array(3 * width * height);
  const tiles = tilesOf(picture, tileSide, STYLE_GRID);
  for (const [index, tile] of tiles.entries()) {
    const painting = await paintTile(network, statistics, picture, tile);
    putPart(rgb, picture, finish(painting, crop(rgbOf(picture), tile)), tile.left, tile.top);
    onProgress((index + 1) / tiles.length);
  }
  return { width, height, rgb };
}

async function paintTile(
  network: TransformNetwork,
  statistics: Statistics,
  picture: Picture,
  tile: Part,
): Promise<Picture> {
  // Whole steps of the grid, or tiles would see it moved against their neighbours'.
  const around = STYLE_GRID * Math.ceil(network.reach / STYLE_GRID);
  const part = widened(tile, around, picture);
  const seen = seenWhole(crop(rgbOf(picture), part));
  const planes = await network.paintHeld(toPlanes(seen), seen.width, seen.height, statistics);
  const { width, height } = tile;
  const [left, top] = [tile.left - part.left, tile.top - part.top];
  return crop(fromPlanes(planes, seen.width, seen.height), { left, top, width, height });
}

/** A part with so many pixels around it as there are, up to `around`. */
function widened({ left, top, width, height }: Part, around: number, whole: Size): Part {
  const [fromLeft, fromTop] = [Math.max(0, left - around), Math.max(0, top - around)];
  return {
    left: fromLeft,
    top: fromTop,
    width: Math.min(whole.width, left + width + around) - fromLeft,
    height: Math.min(whole.height, top + height + around) - fromTop,
  };
}

function rgbOf({ width, height, rgb }: Picture): Picture {
  return { width, height, rgb };
}
