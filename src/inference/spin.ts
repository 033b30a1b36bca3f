import type { Picture, Size } from '../images/picture.ts';
import { mirrored } from './mirror.ts';
import type { TransformNetwork } from './network.ts';
import { fromPlanes, toPlanes } from './planes.ts';

/**
 * How much of a picture is mirrored around it while it is painted, in pixels. A network can tell the edge of what it is
 * given, and paints more dimly there than it should; so that edge is painted outside the picture and thrown away. (The
 * paper's networks reflect 40 pixels, for the edge as well.)
 */
export const BORDER = 24;

/** By how much each run sees the picture moved, in pixels: half of the 4 by which the network shrinks and enlarges. */
export const SHIFTS: readonly number[] = [0, 2];

/**
 * Paint a picture as people are to see it: the mean of runs on the picture moved against the network's grid, each
 * moved back (cycle spinning, Coifman and Donoho 1995). What hangs on the grid, a fine weave over flat colours, cancels
 * out; strokes, which hang on the picture, stay.
 *
 * @param onRun told after each run how much is done, 0 to 1
 * @returns clipped and rounded, of the picture's size; alpha is left out
 */
export function paintSpun(
  network: Pick<TransformNetwork, 'paint'>,
  picture: Picture,
  onRun: (fraction: number) => void = () => undefined,
): Promise<Picture> {
  return meanOfShifts(
    picture,
    async (shift) => {
      const before = BORDER + shift;
      const moved = mirrored(picture, before, BORDER);
      const { width, height } = moved;
      return { planes: await network.paint(toPlanes(moved), width, height), width, height, before };
    },
    onRun,
  );
}

/** What one run gave, [1, 3, height, width]; the part that is wanted begins `before` from its top and its left. */
export interface ShiftedRun extends Size {
  readonly planes: Float32Array;
  readonly before: number;
}

/**
 * The mean of one run for each of `SHIFTS`, clipped and rounded.
 * @param size of the part that is wanted
 * @param onRun told after each run how much is done, 0 to 1
 */
export async function meanOfShifts(
  { width, height }: Size,
  run: (shift: number) => Promise<ShiftedRun>,
  onRun: (fraction: number) => void = () => undefined,
): Promise<Picture> {
  const mean = new Float32Array(3 * width * height);
  for (const [index, shift] of SHIFTS.entries()) {
    addPart(mean, { width, height }, await run(shift));
    onRun((index + 1) / SHIFTS.length);
  }
  return fromPlanes(mean, width, height);
}

function addPart(mean: Float32Array, { width, height }: Size, { planes, before, ...of }: ShiftedRun): void {
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < height; row++) {
      const to = (channel * height + row) * width;
      const from = (channel * of.height + row + before) * of.width + before;
      for (let column = 0; column < width; column++) {
        mean[to + column] = (mean[to + column] ?? 0) + (planes[from + column] ?? 0) / SHIFTS.length;
      }
    }
  }
}
