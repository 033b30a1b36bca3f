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
  const centred = sub(x, spatialMean(x));
  const deviation = sqrt(shift(spatialMean(mul(centred, centred)), EPSILON));
  return { values: div(centred, deviation), deviation };
}

function spatialMean(x: Tensor): Tensor {
  return reduceMean(reduceMean(x, [3]), [2]);
}
