import { staticDims, type Tensor } from '../graph/graph.ts';
import { STYLE_GRID, styleNetwork, styleShape } from '../graph/networks/style.ts';
import { constants, type WeightValues } from '../graph/networks/weights.ts';
import { add, scale } from '../graph/operators/elementwise.ts';
import { reflectPad } from '../graph/operators/image.ts';
import { slice } from '../graph/operators/shape.ts';

/**
 * How much of a picture is mirrored around it while the teacher paints, in pixels. A network that was trained on features
 * can tell the edge of what it is given, and paints more dimly there than it should; so that edge is thrown away. (The
 * paper's networks reflect 40 pixels, for the edge as well.)
 */
const BORDER = 24;

/** By how much the teacher's runs see the picture moved, in pixels. */
const SHIFTS: readonly number[] = [0, STYLE_GRID / 2];

/**
 * A picture as its teacher would have it: the mean of runs on the picture moved against the teacher's grid of 4 pixels,
 * each moved back (cycle spinning, Coifman and Donoho 1995). What hangs on the grid, a fine weave over flat colours,
 * cancels out; strokes, which hang on the picture, stay.
 *
 * @param photos [N, 3, H, W], RGB, 0–255; sides above 26
 * @returns of the photos' shape, about 0–255; no gradient flows into the teacher
 */
export function taughtPainting(photos: Tensor, teacher: ReadonlyMap<string, WeightValues>): Tensor {
  const source = constants(photos.graph, teacher);
  const shape = styleShape(teacher);
  const runs = SHIFTS.map((shift) => {
    const around = BORDER + shift;
    // Mirrored alike on all sides, for that is what the graph can do; so much is left after it as without moving.
    const seen = part(reflectPad(photos, around), 0, shift);
    return part(styleNetwork(seen, source, shape), around, BORDER);
  });
  return scale(runs.reduce(add), 1 / runs.length);
}

/** Without so many rows above and below, and as many columns on the left and on the right. */
function part(x: Tensor, before: number, after: number): Tensor {
  const [, , height = 0, width = 0] = staticDims(x);
  return slice(slice(x, 2, before, height - after), 3, before, width - after);
}
