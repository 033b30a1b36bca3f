import { imageDims, type Tensor } from '../graph.ts';
import { add, div, mul, shift, sqrt, sub } from './elementwise.ts';
import { reduceMean } from './reduce.ts';
import { reduceSum, reshape } from './shape.ts';

/** Added to the variance, as in all later code of the paper's author. */
const EPSILON = 1e-5;

/**
 * Instance normalisation (Ulyanov et al. 2016): each channel of each picture to mean 0 and variance 1, then
 * times `gain` plus `offset`.
 *
 * @param x [N, C, H, W]
 * @param gain [C]
 * @param offset [C]
 */
export function instanceNorm(x: Tensor, gain: Tensor, offset: Tensor): Tensor {
  const { c } = imageDims(x);
  if (gain.dims[0] !== c || offset.dims[0] !== c) {
    throw new RangeError(`gain [${gain.dims}] and offset [${offset.dims}] do not fit [${x.dims}]`);
  }
  return x.graph.add('InstanceNormalization', [x, gain, offset], {
    dims: x.dims,
    attributes: { epsilon: { float: EPSILON } },
    gradients: [
      (g) => inputGradient(g, x, gain),
      (g) => reshape(reduceSum(mul(g, normalised(x).values), [0, 2, 3]), [c]),
      (g) => reshape(reduceSum(g, [0, 2, 3]), [c]),
    ],
  });
}

/** Mean and variance of each channel of each picture, [N, C, 1, 1]: what instance normalisation takes out of `x`. */
export function instanceStatistics(x: Tensor): { mean: Tensor; variance: Tensor } {
  const mean = spatialMean(x);
  const centred = sub(x, mean);
  return { mean, variance: spatialMean(mul(centred, centred)) };
}

/**
 * Instance normalisation by statistics that are given, those of another picture or of a whole of which `x` is a part
 * (Chen et al. 2022, thumbnail instance normalisation): each entry of the result depends on its own entry alone.
 *
 * @param x [N, C, H, W]
 * @param gain [C]
 * @param offset [C]
 * @param statistics [1, C, 1, 1] each
 */
export function heldNorm(
  x: Tensor,
  gain: Tensor,
  offset: Tensor,
  { mean, variance }: { readonly mean: Tensor; readonly variance: Tensor },
): Tensor {
  const dims = [1, imageDims(x).c, 1, 1];
  const factor = div(reshape(gain, dims), sqrt(shift(variance, EPSILON)));
  return add(mul(x, factor), sub(reshape(offset, dims), mul(mean, factor)));
}

/** gain / deviation · (g − mean(g) − x̂ · mean(g · x̂)), the means over each channel of each picture. */
function inputGradient(g: Tensor, x: Tensor, gain: Tensor): Tensor {
  const { c } = imageDims(x);
  const { values, deviation } = normalised(x);
  const along = mul(values, spatialMean(mul(g, values)));
  const factor = div(reshape(gain, [1, c, 1, 1]), deviation);
  return mul(sub(g, add(along, spatialMean(g))), factor);
}

/** x̂ and the deviation; onnxruntime merges what the rules above repeat. */
function normalised(x: Tensor): { values: Tensor; deviation: Tensor } {
  const { mean, variance } = instanceStatistics(x);
  const deviation = sqrt(shift(variance, EPSILON));
  return { values: div(sub(x, mean), deviation), deviation };
}

function spatialMean(x: Tensor): Tensor {
  return reduceMean(reduceMean(x, [3]), [2]);
}
