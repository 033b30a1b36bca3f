import { staticDims, type Tensor } from '../graph.ts';
import { matmul, swapLast } from './matmul.ts';
import { concat, gather, pad, reduceSum, reshape, slice, transpose } from './shape.ts';

/** What is on the four sides of a picture, in rows and columns: above, on the left, below, on the right. */
export type Sides = readonly [top: number, left: number, bottom: number, right: number];

/** Up to this many channels a row of the kernel is unfolded at once; above, each tap is its own product. */
const FEW = 4;

/** Where the output has so many times fewer channels than the input, it is the output that is unfolded. */
const FEWER = 4;

/**
 * The gradient with respect to a convolution's weight, as slices and matrix products: for 3×3 kernels two and a half
 * times faster in onnxruntime than a convolution of transposed dimensions. The side with fewer channels is
 * unfolded, and row by row, so that memory stays at K times that side.
 *
 * @param x the convolution's input [N, Ci, H, W]
 * @param g the gradient with respect to its output [N, Co, OH, OW]
 * @returns [Co, Ci, K, K]
 */
export function weightGradient(x: Tensor, g: Tensor, k: number, stride: number, padding: Sides): Tensor {
  const [, ci = 0] = staticDims(x);
  const [, co = 0] = staticDims(g);
  const few = co <= FEW || co * FEWER <= ci;
  if (k > 1 && few && ci > FEW && stride === 1 && Math.max(...padding) < k) {
    // Entries of the padding are zeros, so that only what meets the picture itself has to be added up.
    const [top, left, bottom, right] = padding.map((side) => k - 1 - side);
    const exchanged = byRows(around(g, [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0]), x, k, 1);
    const back = Array.from({ length: k }, (_, index) => k - 1 - index);
    return transpose(gather(gather(exchanged, 2, back), 3, back), [1, 0, 2, 3]);
  }
  const padded = around(x, padding);
  return k > 1 && ci <= FEW ? byRows(padded, g, k, stride) : byTaps(padded, g, k, stride);
}

function around(x: Tensor, [top, left, bottom, right]: Sides): Tensor {
  return pad(x, [
    { axis: 2, before: top, after: bottom },
    { axis: 3, before: left, after: right },
  ]);
}

/** One product per tap. */
function byTaps(x: Tensor, g: Tensor, k: number, stride: number): Tensor {
  const [, ci = 0] = staticDims(x);
  const [, co = 0, oh = 0, ow = 0] = staticDims(g);
  const taps: Tensor[] = [];
  for (let row = 0; row < k; row++) {
    for (let column = 0; column < k; column++) {
      const seen = every(every(x, 2, row, oh, stride), 3, column, ow, stride);
      taps.push(reshape(product(g, seen), [co, ci, 1]));
    }
  }
  return reshape(concat(taps, 2), [co, ci, k, k]);
}

/** One product per row of the kernel: K taps side by side as channels. */
function byRows(x: Tensor, g: Tensor, k: number, stride: number): Tensor {
  const [, ci = 0] = staticDims(x);
  const [, co = 0, oh = 0, ow = 0] = staticDims(g);
  const columns = Array.from({ length: k }, (_, column) => every(x, 3, column, ow, stride));
  const unfolded = concat(columns, 1);
  const rows = Array.from({ length: k }, (_, row) =>
    reshape(product(g, every(unfolded, 2, row, oh, stride)), [co, 1, k, ci]),
  );
  return transpose(concat(rows, 1), [0, 3, 1, 2]);
}

/** Σ over pictures and positions of a · bᵀ: [N, A, H, W] and [N, B, H, W] give [1, A, B]. */
function product(a: Tensor, b: Tensor): Tensor {
  return reduceSum(matmul(flat(a), swapLast(flat(b))), [0]);
}

function flat(x: Tensor): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = staticDims(x);
  return reshape(x, [n, c, h * w]);
}

function every(x: Tensor, axis: number, start: number, count: number, step: number): Tensor {
  return slice(x, axis, start, start + (count - 1) * step + 1, step);
}
