import type { Picture } from '../images/picture.ts';
import type { Part } from './tile-grid.ts';

/**
 * A part of a picture, which may reach beyond it: there lies its mirror image, as often as it takes, the edge not
 * repeated. Alpha is left out.
 */
export function mirroredPart({ width, height, rgb }: Picture, part: Part): Picture {
  const columns = places(width, part.left, part.width);
  const rows = places(height, part.top, part.height);
  const result = new Uint8Array(3 * part.width * part.height);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = 3 * (row * width + column);
      result[at++] = rgb[from] ?? 0;
      result[at++] = rgb[from + 1] ?? 0;
      result[at++] = rgb[from + 2] ?? 0;
    }
  }
  return { width: part.width, height: part.height, rgb: result };
}

/** Places along one axis, beyond its ends reflected. */
function places(length: number, start: number, count: number): number[] {
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: count }, (_, index) => {
    const place = (((index + start) % period) + period) % period;
    return Math.min(place, period - place);
  });
}
