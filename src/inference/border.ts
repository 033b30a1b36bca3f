import type { Picture } from '../images/picture.ts';

/**
 * How much of a picture is mirrored around it while it is painted, in pixels. A network can tell the edge of what it is
 * given, and paints more dimly there than it should; so that edge is painted outside the picture and thrown away. (The
 * paper's networks reflect 40 pixels, for the edge as well.)
 */
export const BORDER = 40;

/** A picture with its own mirror image around it, the edge not repeated. Alpha is left out. */
export function withBorder({ width, height, rgb }: Picture, border: number): Picture {
  const columns = mirrored(width, border);
  const rows = mirrored(height, border);
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

/** What lies within the border. Alpha is left out. */
export function withoutBorder(picture: Picture, border: number): Picture {
  const width = picture.width - 2 * border;
  const height = picture.height - 2 * border;
  const rgb = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((row + border) * picture.width + border);
    rgb.set(picture.rgb.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { width, height, rgb };
}

/** Places along one axis, from `border` before its begin to `border` after its end, reflected as often as it takes. */
function mirrored(length: number, border: number): number[] {
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: length + 2 * border }, (_, index) => {
    const place = (((index - border) % period) + period) % period;
    return Math.min(place, period - place);
  });
}
