import { imageDims, staticDims, type Tensor } from '../graph/graph.ts';
import { add, div, mul, scale, shift, sqrt, sub } from '../graph/operators/elementwise.ts';
import { matmul, swapLast } from '../graph/operators/matmul.ts';
import { meanAll } from '../graph/operators/reduce.ts';
import { reduceSum, reshape, slice } from '../graph/operators/shape.ts';

/** Mean over all entries of (a − b)²: the feature loss of the paper's section 3.2 where a and b are features. */
export function meanSquaredError(a: Tensor, b: Tensor): Tensor {
  const difference = sub(a, b);
  return meanAll(mul(difference, difference));
}

/** Features [N, C, H, W], at each place divided by their length over the channels; places without any stay empty. */
export function alongChannels(features: Tensor): Tensor {
  // A little within the root, for its slope at nothing is infinite.
  return div(features, sqrt(shift(reduceSum(mul(features, features), [1]), LEAST_LENGTH ** 2)));
}

/** Features are some tens to thousands. */
const LEAST_LENGTH = 1e-3;

/** Gram matrix of the paper's section 3.2: [N, C, H, W] gives [N, C, C], divided by C · H · W. */
export function gram(features: Tensor): Tensor {
  const { n, c } = imageDims(features);
  const [, , h = 1, w = 1] = staticDims(features);
  const flat = reshape(features, [n, c, h * w]);
  return scale(matmul(flat, swapLast(flat)), 1 / (c * h * w));
}

/**
 * Total variation of [N, C, H, W]: the mean of the squared differences between vertical neighbours plus that
 * between horizontal ones.
 */
export function totalVariation(image: Tensor): Tensor {
  const [, , h = 0, w = 0] = staticDims(image);
  const down = meanSquaredError(slice(image, 2, 1, h), slice(image, 2, 0, h - 1));
  const across = meanSquaredError(slice(image, 3, 1, w), slice(image, 3, 0, w - 1));
  return add(down, across);
}
