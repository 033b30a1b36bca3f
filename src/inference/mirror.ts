import type { Picture } from '../images/picture.ts';

/**
 * A picture with its own mirror image around it, the edge not repeated. Alpha is left out.
 *
 * @param before pixels above it and to its left
 * @param after pixels below it and to its right
 */
export function mirrored({ width, height, rgb }: Picture, before: number, after: number): Picture {
  const columns = places(width, before, after);
  const rows = places(height, before, after);
  const result = new Uint8Array(3 * columns.length * rows.length);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = 3 * (row * width + column);
      result[at++] = rgb[from] ?? 0;
      result[at++] = rgb[from + 1] ?? 0;
      result[at++] = rgb[from + 2] ?? 0;
    }
  }
  return { width: columns.length, height: rows.length, rgb: result };
}

/** Places along one axis, beyond its ends reflected as often as it takes. */
function places(length: number, before: number, after: number): number[] {
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: before + length + after }, (_, index) => {
    const place = (((index - before) % period) + period) % period;
    return Math.min(place, period - place);
  });
}
