import type { Picture, Size } from '../images/picture.ts';

/** A part of a picture: where it begins, and its sides, in pixels. */
export interface Part extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * Cut a picture into the fewest parts, all but alike, row by row.
 * @param most longest side of a part
 * @param grid every part begins at a multiple of it, for which one may be longer by less than that
 */
export function tilesOf({ width, height }: Size, most: number, grid = 1): Part[] {
  const columns = pieces(width, most, grid);
  return pieces(height, most, grid).flatMap(([top, high]) =>
    columns.map(([left, wide]) => ({ left, top, width: wide, height: high })),
  );
}

function pieces(length: number, most: number, grid: number): [start: number, length: number][] {
  const count = Math.ceil(length / most);
  const start = (index: number): number => grid * Math.floor((index * length) / count / grid);
  return Array.from({ length: count }, (_, index) => {
    const end = index + 1 === count ? length : start(index + 1);
    return [start(index), end - start(index)];
  });
}

/** Write a part's colours into those of a whole picture: HWC, red, green, blue, 0–255. */
export function putPart(rgb: Uint8Array, { width }: Size, part: Picture, left: number, top: number): void {
  for (let row = 0; row < part.height; row++) {
    const from = 3 * row * part.width;
    rgb.set(part.rgb.subarray(from, from + 3 * part.width), 3 * ((top + row) * width + left));
  }
}
