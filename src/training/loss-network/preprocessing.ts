import type { LossLayer, LossNetworkWeights } from '../features.ts';

/**
 * What a published network was trained to be given:
 *
 * - `caffe`: BGR in 0–255 less the mean 103.939, 116.779, 123.68. The authors' own weights, Keras's and Caffe2's.
 * - `torchvision`: RGB in 0–1 less the mean 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225. Torchvision's
 *   weights, and the VGG networks that the ONNX model zoo took from MXNet's Gluon.
 */
export type Preprocessing = 'caffe' | 'torchvision';

interface Convention {
  /** Which of red, green, blue the network takes as its first, second, third channel. */
  readonly order: readonly [number, number, number];
  /** Red, green, blue, in 0–255. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

const CONVENTIONS: Readonly<Record<Preprocessing, Convention>> = {
  caffe: { order: [2, 1, 0], mean: [123.68, 116.779, 103.939], deviation: [1, 1, 1] },
  torchvision: {
    order: [0, 1, 2],
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    deviation: [0.229 * 255, 0.224 * 255, 0.225 * 255],
  },
};

/** The names, for the command line. */
export const PREPROCESSINGS: readonly Preprocessing[] = ['caffe', 'torchvision'];

/**
 * Rewrite the first convolution so that every network is fed alike: RGB in 0–255 less `mean`. The order of
 * channels and the division go into the weights. The mean cannot go into the bias: the zeros that pad the picture
 * come after its subtraction.
 */
export function foldPreprocessing(network: {
  readonly layers: readonly LossLayer[];
  readonly preprocessing: Preprocessing;
}): LossNetworkWeights {
  const { order, mean, deviation } = CONVENTIONS[network.preprocessing];
  const [first, ...others] = network.layers;
  if (first?.inChannels !== 3) throw new RangeError('the first layer must take three channels');
  const taps = first.weight.length / (first.outChannels * 3);
  const weight = new Float32Array(first.weight.length);
  for (let out = 0; out < first.outChannels; out++) {
    for (const [channel, colour] of order.entries()) {
      const from = (out * 3 + channel) * taps;
      const to = (out * 3 + colour) * taps;
      const divisor = deviation[colour] ?? 1;
      for (let tap = 0; tap < taps; tap++) weight[to + tap] = (first.weight[from + tap] ?? 0) / divisor;
    }
  }
  return { layers: [{ ...first, weight }, ...others], mean };
}
