import { staticDims, type Tensor } from '../graph.ts';
import { entryCount } from '../values.ts';
import { scale } from './elementwise.ts';
import { expand, reduceSum, reshape } from './shape.ts';

/** Mean over `axes`, which are kept with length 1. */
export function reduceMean(x: Tensor, axes: readonly number[]): Tensor {
  return x.graph.add('ReduceMean', [x, x.graph.int64s(axes)], {
    dims: x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
    attributes: { keepdims: 1 },
    gradients: [
      (g) => {
        const dims = staticDims(x);
        return expand(scale(g, 1 / entryCount(axes.map((axis) => dims[axis] ?? 1))), dims);
      },
    ],
  });
}

/**
 * Sum of all entries, as a scalar. In two stages (the last axis, then the rest), because onnxruntime adds
 * up naively in float32 and a single stage loses four digits over millions of entries.
 */
export function sumAll(x: Tensor): Tensor {
  const last = x.dims.length - 1;
  if (last < 0) return x;
  const rows = reduceSum(x, [last]);
  const rest = reshape(rows, [entryCount(staticDims(rows))]);
  return reshape(reduceSum(rest, [0]), []);
}

/** Mean of all entries, as a scalar. */
export function meanAll(x: Tensor): Tensor {
  return scale(sumAll(x), 1 / entryCount(staticDims(x)));
}
