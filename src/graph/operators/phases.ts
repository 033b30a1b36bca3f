import { staticDims, type Tensor } from '../graph.ts';
import { conv } from './conv.ts';
import type { Sides } from './conv-weight.ts';
import { matmul } from './matmul.ts';
import { concat, reshape, slice, transpose } from './shape.ts';

/*
 * A picture as its four phases: of every 2×2 block of pixels the one above left, above right, below left, below right, as
 * channels of a picture of half the size, in the order of `depthToSpace`. What comes right after an enlargement by
 * nearest neighbours, or right before one, is cheaper on phases than on pixels, and exactly the same.
 */

const PHASES = [0, 1, 2, 3] as const;

/**
 * Nearest-neighbour enlargement by 2, one pixel of zeros around, a 3×3 convolution, given as phases: each is a
 * 2×2 convolution of the small picture, for neighbours of a large pixel are one small pixel, and their taps add up.
 * 4/9 of the operations.
 *
 * @param x [N, Ci, H, W]
 * @param weight [Co, Ci, 3, 3]
 * @param bias [Co]
 * @param activation applied to each phase; none if left out
 * @returns [N, 4 · Co, H, W]
 */
export function enlargedPhases(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  activation: (y: Tensor) => Tensor = (y) => y,
): Tensor {
  const [co = 0, ci = 0] = staticDims(weight);
  const taps = matmul(reshape(weight, [co * ci, 9]), x.graph.constant(meetingTaps(), [9, 16]));
  const kernels = reshape(taps, [co, ci, 4, 4]);
  const phases = PHASES.map((phase) => {
    const [down, right] = [phase >> 1, phase & 1];
    const kernel = reshape(slice(kernels, 2, phase, phase + 1), [co, ci, 2, 2]);
    // Phase 0 sees its own small pixel and the one before, phase 1 its own and the one after.
    const padding: Sides = [1 - down, 1 - right, down, right];
    return activation(conv(x, kernel, { padding, ...(bias ? { bias } : {}) }));
  });
  return concat(phases, 1);
}

/** [9, 4 phases × 4 small pixels]: 1 where a tap of the 3×3 kernel meets that small pixel. */
function meetingTaps(): Float32Array {
  const meets = new Float32Array(9 * 16);
  for (const phase of PHASES) {
    const [down, right] = [phase >> 1, phase & 1];
    for (let tap = 0; tap < 9; tap++) {
      const row = ((Math.floor(tap / 3) + down + 1) >> 1) - down;
      const column = (((tap % 3) + right + 1) >> 1) - right;
      meets[tap * 16 + phase * 4 + 2 * row + column] = 1;
    }
  }
  return meets;
}

/**
 * A convolution with an odd kernel of a picture that is given as phases, with as many zeros around as keep its size; the
 * result is given as phases too. With few output channels it fills the processor's registers four times better.
 *
 * @param x [N, 4 · Ci, H, W]
 * @param weight [Co, Ci, K, K]
 * @param bias [Co]
 * @returns [N, 4 · Co, H, W]
 */
export function convOfPhases(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [co = 0, ci = 0, k = 0] = staticDims(weight);
  const reach = reachOf(k);
  const side = 2 * reach + 1;
  const spread = matmul(
    reshape(weight, [co * ci, k * k]),
    x.graph.constant(spreadTaps(k), [k * k, 16 * side ** 2]),
  );
  const kernel = transpose(reshape(spread, [co, ci, 4, 4, side, side]), [2, 0, 3, 1, 4, 5]);
  const biases = concat([bias, bias, bias, bias], 0);
  return conv(x, reshape(kernel, [4 * co, 4 * ci, side, side]), { padding: reach, bias: biases });
}

/** How many pixels of half the size a kernel reaches to either side. */
function reachOf(k: number): number {
  return Math.ceil((k - 1) / 4);
}

/** [K², 4 output phases × 4 input phases × S²]: 1 where a tap leads from the one to the other over that distance. */
function spreadTaps(k: number): Float32Array {
  const reach = reachOf(k);
  const side = 2 * reach + 1;
  const width = 16 * side ** 2;
  const middle = (k - 1) / 2;
  const leads = new Float32Array(k * k * width);
  for (const to of PHASES) {
    for (const from of PHASES) {
      for (let place = 0; place < side ** 2; place++) {
        const row = 2 * (Math.floor(place / side) - reach) + (from >> 1) - (to >> 1) + middle;
        const column = 2 * ((place % side) - reach) + (from & 1) - (to & 1) + middle;
        if (Math.min(row, column) < 0 || Math.max(row, column) >= k) continue;
        leads[(row * k + column) * width + (to * 4 + from) * side ** 2 + place] = 1;
      }
    }
  }
  return leads;
}
