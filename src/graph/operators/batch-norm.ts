import { imageDims, type Tensor } from '../graph.ts';
import { add, div, mul, shift, sqrt, sub } from './elementwise.ts';
import { reduceMean } from './reduce.ts';
import { reshape } from './shape.ts';

/** Added to the variance. */
const EPSILON = 1e-5;

/** Mean and variance of each channel, [C] each. */
export interface ChannelStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Of each channel of [N, C, H, W], over pictures and places. */
export function channelStatistics(x: Tensor): ChannelStatistics {
  const { c } = imageDims(x);
  const mean = overAll(x);
  const centred = sub(x, mean);
  return { mean: reshape(mean, [c]), variance: reshape(overAll(mul(centred, centred)), [c]) };
}

/**
 * Each channel less its mean, divided by its deviation, times `gain` plus `offset` (Ioffe and Szegedy 2015). With the
 * statistics of the batch itself while it is trained, gradients flow through them; served, they are constants.
 *
 * @param x [N, C, H, W]
 * @param gain [C]
 * @param offset [C]
 */
export function batchNorm(x: Tensor, gain: Tensor, offset: Tensor, statistics: ChannelStatistics): Tensor {
  const { c } = imageDims(x);
  const along = (values: Tensor): Tensor => reshape(values, [1, c, 1, 1]);
  const deviation = sqrt(shift(along(statistics.variance), EPSILON));
  return add(mul(sub(x, along(statistics.mean)), div(along(gain), deviation)), along(offset));
}

/** Axis by axis, because onnxruntime adds up naively in float32. */
function overAll(x: Tensor): Tensor {
  return [3, 2, 0].reduce((rest, axis) => reduceMean(rest, [axis]), x);
}
