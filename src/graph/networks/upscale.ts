import { Graph, imageDims, type Tensor } from '../graph.ts';
import { type Precision, toModelIn } from '../half.ts';
import { toModel } from '../model.ts';
import type { NetworkFile } from '../network-file.ts';
import { batchNorm, type ChannelStatistics } from '../operators/batch-norm.ts';
import { bicubic } from '../operators/bicubic.ts';
import { conv } from '../operators/conv.ts';
import { add, relu, scale, shift } from '../operators/elementwise.ts';
import { depthToSpace, upsample } from '../operators/image.ts';
import { convOfPhases, enlargedPhases } from '../operators/phases.ts';
import {
  constants,
  recordParameters,
  type WeightParameter,
  type WeightSource,
  type WeightValues,
} from './weights.ts';

/** How far, how wide and how deep a super-resolution network is. */
export interface UpscaleShape {
  /** 2, 4 or 8: how many times longer each side becomes. */
  readonly factor: number;
  readonly channels: number;
  readonly residualBlocks: number;
  /** What the network's output is added to: the picture enlarged by the cubic kernel, or mid-grey, as in the paper. */
  readonly skip: 'bicubic' | 'none';
  /** What follows every convolution but the last: nothing, or batch normalisation, as in the paper. */
  readonly normalisation: 'none' | 'batch';
}

/** The paper's width and depth (supplement, table 2). */
export const PAPER_SIZE = { channels: 64, residualBlocks: 4 } as const;

/** The last enlargement and what follows it, the one place where the function is written as different graphs. */
export interface UpscaleForms {
  /** Nearest-neighbour enlargement by 2 and a 3×3 convolution: [N, C, H, W] to [N, C, 2H, 2W]. */
  enlarged(x: Tensor, weight: Tensor, bias?: Tensor): Tensor;
  /** The same, a ReLU and the last 9×9 convolution: [N, C, H, W] to [N, 3, 2H, 2W]. */
  ended(
    x: Tensor,
    up: readonly [weight: Tensor, bias: Tensor],
    out: readonly [weight: Tensor, bias: Tensor],
  ): Tensor;
}

/** Gives the statistics by which a layer's output is normalised: its own in training, constants when it is served. */
export type StatisticsSource = (y: Tensor, name: string) => ChannelStatistics;

/** Operators as the paper names them. */
export const PLAIN: UpscaleForms = {
  enlarged: (x, weight, bias) => conv(upsample(x), weight, { padding: 1, ...(bias ? { bias } : {}) }),
  ended: (x, [weight, bias], [last, lastBias]) =>
    conv(relu(conv(upsample(x), weight, { padding: 1, bias })), last, { padding: 4, bias: lastBias }),
};

/** The same function on phases: about half of the operations, and most of the last convolution's waste avoided. */
export const BY_PHASES: UpscaleForms = {
  enlarged: (x, weight, bias) => depthToSpace(enlargedPhases(x, weight, bias)),
  ended: (x, [weight, bias], [last, lastBias]) =>
    depthToSpace(convOfPhases(enlargedPhases(x, weight, bias, relu), last, lastBias)),
};

/** Pixels to either side of one that its value depends on, in the small picture. */
export function receptiveField({
  factor,
  residualBlocks,
}: Pick<UpscaleShape, 'factor' | 'residualBlocks'>): number {
  const enlargements = Math.log2(factor);
  const enlarging = Array.from({ length: enlargements }, (_, index) => 1 / 2 ** index).reduce(
    (a, b) => a + b,
    0,
  );
  return Math.ceil(4 + 2 * residualBlocks + enlarging + 4 / factor);
}

/**
 * The super-resolution network of the paper (supplement, table 2): a 9×9 convolution, residual blocks, an enlargement
 * by nearest neighbours and a convolution for each doubling, a 9×9 convolution. Zeros around every convolution, as
 * cheap as they are to learn with; whoever runs it puts `receptiveField` pixels of the picture's mirror image around
 * the picture, so that what the network makes of the zeros is cut off.
 *
 * @param image [N, 3, H, W], RGB, 0–255
 * @param statistics where layers are normalised; weights `NAME.mean` and `NAME.variance` if left out
 * @returns [N, 3, factor · H, factor · W], about 0–255: neither clipped nor rounded
 */
export function upscaleNetwork(
  image: Tensor,
  weights: WeightSource,
  shape: UpscaleShape,
  forms: UpscaleForms = PLAIN,
  statistics: StatisticsSource = (_, name) => ({
    mean: weights(`${name}.mean`, [shape.channels]),
    variance: weights(`${name}.variance`, [shape.channels]),
  }),
): Tensor {
  const { factor, channels, residualBlocks, skip, normalisation } = shape;
  const pair = (name: string, from: number, to: number, kernel: number): readonly [Tensor, Tensor] => [
    weights(`${name}.weight`, [to, from, kernel, kernel]),
    weights(`${name}.bias`, [to]),
  ];
  /** A convolution by name; where it is normalised, a bias would be taken away again. */
  const layer = (name: string, from: number, kernel: number, apply: Apply): Tensor => {
    if (normalisation === 'none') return apply(...pair(name, from, channels, kernel));
    const y = apply(weights(`${name}.weight`, [channels, from, kernel, kernel]));
    const gain = weights(`${name}.gain`, [channels]);
    return batchNorm(y, gain, weights(`${name}.offset`, [channels]), statistics(y, name));
  };
  const block = (x: Tensor, name: string, kernel: number): Tensor =>
    layer(name, imageDims(x).c, kernel, (weight, bias) =>
      conv(x, weight, { padding: (kernel - 1) / 2, ...(bias ? { bias } : {}) }),
    );
  const enlarged = (x: Tensor, name: string): Tensor =>
    relu(layer(name, channels, 3, (weight, bias) => forms.enlarged(x, weight, bias)));
  let x = relu(block(scale(shift(image, -MIDDLE), 1 / MIDDLE), 'in', 9));
  for (let index = 1; index <= residualBlocks; index++) {
    x = add(x, block(relu(block(x, `residual${index}a`, 3)), `residual${index}b`, 3));
  }
  const doublings = Math.log2(factor);
  for (let index = 1; index < doublings; index++) {
    x = enlarged(x, `up${index}`);
  }
  const last = `up${doublings}`;
  if (normalisation === 'none') {
    x = forms.ended(x, pair(last, channels, channels, 3), pair('out', channels, 3, 9));
  } else {
    x = enlarged(x, last);
    const [weight, bias] = pair('out', channels, 3, 9);
    x = conv(x, weight, { padding: 4, bias });
  }
  const change = scale(x, MIDDLE);
  return skip === 'bicubic' ? add(bicubic(image, factor), change) : shift(change, MIDDLE);
}

type Apply = (weight: Tensor, bias?: Tensor) => Tensor;

const MIDDLE = 127.5;

/** The metadata property that tells what the weights can't. */
const SKIP = 'impasto.skip';

/** Names and dims of a network's weights, in the order in which it uses them. */
export function upscaleParameters(shape: UpscaleShape): WeightParameter[] {
  return recordParameters((image, weights) => upscaleNetwork(image, weights, shape));
}

/** The shape of the network that `weights` belong to. @throws RangeError where they belong to none */
export function upscaleShape(
  weights: ReadonlyMap<string, WeightValues>,
  skip: UpscaleShape['skip'],
): UpscaleShape {
  const channels = weights.get('in.weight')?.dims[0];
  if (channels === undefined) throw new RangeError('the weights of in are missing');
  const count = (name: (index: number) => string): number => {
    let index = 0;
    while (weights.has(name(index + 1))) index++;
    return index;
  };
  const residualBlocks = count((index) => `residual${index}a.weight`);
  const factor = 2 ** count((index) => `up${index}.weight`);
  const normalisation = weights.has('in.gain') ? 'batch' : 'none';
  return { factor, channels, residualBlocks, skip, normalisation };
}

/**
 * The published form: input `image` [1, 3, height, width] (RGB, 0–255), output `enlarged`
 * [1, 3, factor · height, factor · width].
 * @throws RangeError where weights are missing or of the wrong dims
 */
export function publishedUpscaler(
  weights: ReadonlyMap<string, WeightValues>,
  skip: UpscaleShape['skip'],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = new Graph();
  const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
  const shape = upscaleShape(weights, skip);
  const enlarged = upscaleNetwork(image, constants(graph, weights), shape);
  return toModel(graph, { enlarged }, { ...metadata, [SKIP]: skip });
}

/**
 * The form that is served, emitted from the published form: the same input, output and function, within the
 * precision's rounding.
 * @throws RangeError where it is no published super-resolution network
 */
export function servingUpscaler(
  { weights, metadata }: NetworkFile,
  precision: Precision = 'float32',
): { model: Uint8Array; shape: UpscaleShape } {
  const skip = (['bicubic', 'none'] as const).find((known) => known === metadata.get(SKIP));
  if (skip === undefined) throw new RangeError('the network does not say what its output is added to');
  const shape = upscaleShape(weights, skip);
  const graph = new Graph();
  const image = graph.input('image', [1, 3, 'dynamic', 'dynamic']);
  const enlarged = upscaleNetwork(image, constants(graph, weights), shape, BY_PHASES);
  return { model: toModelIn(precision, { graph, outputs: { enlarged } }), shape };
}
