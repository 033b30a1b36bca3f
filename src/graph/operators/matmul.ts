import type { Tensor } from '../graph.ts';
import { transpose } from './shape.ts';

/**
 * Matrix product over the last two axes, [..., M, K] · [..., K, N]; the leading axes must be equal.
 * onnxruntime fuses the transposes that its gradients need into the products.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const batch = a.dims.slice(0, -2);
  const [m, k] = a.dims.slice(-2);
  const [inner, n] = b.dims.slice(-2);
  const matches = a.dims.length === b.dims.length && batch.every((dim, axis) => dim === b.dims[axis]);
  if (m === undefined || n === undefined || k !== inner || !matches) {
    throw new RangeError(`[${a.dims}] and [${b.dims}] have no matrix product`);
  }
  return a.graph.add('MatMul', [a, b], {
    dims: [...batch, m, n],
    gradients: [(g) => matmul(g, swapLast(b)), (g) => matmul(swapLast(a), g)],
  });
}

/** The last two axes exchanged. */
export function swapLast(x: Tensor): Tensor {
  const rank = x.dims.length;
  const lead = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return transpose(x, [...lead, rank - 1, rank - 2]);
}
