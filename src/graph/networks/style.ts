import { type Dim, Graph, imageDims, type Tensor } from '../graph.ts';
import { toModel } from '../model.ts';
import { conv } from '../operators/conv.ts';
import { add, relu, scale, shift, tanh } from '../operators/elementwise.ts';
import { cropLike, reflectPad, upsample } from '../operators/image.ts';
import { instanceNorm } from '../operators/instance-norm.ts';
import {
  constants,
  recordParameters,
  type WeightParameter,
  type WeightSource,
  type WeightValues,
} from './weights.ts';

/** How wide and deep a transform network for styles is. */
export interface StyleShape {
  /** Channels at full, half and quarter size. */
  readonly widths: readonly [number, number, number];
  readonly residualBlocks: number;
}

/** The paper's network (supplement, table 1): 1.68 million parameters. */
export const FULL_WIDTH: StyleShape = { widths: [32, 64, 128], residualBlocks: 5 };

/** The author's later half-width network: 3.5 times cheaper, no visible loss. */
export const HALF_WIDTH: StyleShape = { widths: [16, 32, 64], residualBlocks: 5 };

/** The places where a network can be written in another way. */
export interface StyleForms {
  /** Nearest-neighbour enlargement by 2, reflection, a 3×3 convolution: [N, Ci, H, W] to [N, Co, 2H, 2W]. */
  enlarged(x: Tensor, weight: Tensor): Tensor;
  /** Reflection and a 3×3 convolution of the residual blocks, which keeps size and channels. */
  residual(x: Tensor, weight: Tensor): Tensor;
  /** Reflection and the last 9×9 convolution. */
  output(x: Tensor, weight: Tensor, bias: Tensor): Tensor;
  /** The normalisation that follows a convolution; called in the order in which they run. */
  normalised(x: Tensor, gain: Tensor, offset: Tensor): Tensor;
}

const AS_TRAINED: StyleForms = {
  enlarged: (x, weight) => conv(reflectPad(upsample(x), 1), weight),
  residual: (x, weight) => conv(reflectPad(x, 1), weight),
  output: (x, weight, bias) => conv(reflectPad(x, 4), weight, { bias }),
  normalised: instanceNorm,
};

/**
 * Pixels to either side that a painted pixel depends on where statistics are held: 4 + 1 + 2 before the residual blocks,
 * 4 · 2 for each of them, 4 for the enlargements and 4 for the last convolution, and up to 3 since a pixel of
 * a quarter of the size stands for four.
 */
export function reachOf({ residualBlocks }: StyleShape): number {
  return 4 + 1 + 2 + 8 * residualBlocks + 4 + 4 + 3;
}

/** The shortest side of a picture that reflection lets through a network, in pixels. */
export const SMALLEST_SIDE = 16;

/** By how many pixels a picture must be moved for its painting to be moved alike: it is shrunk to a quarter. */
export const STYLE_GRID = 4;

/** How many numbers of each kind a network's normalisations hold: their channels, in the order in which they run. */
export function normalisedChannels({ widths: [full, half, quarter], residualBlocks }: StyleShape): number[] {
  const residual = Array.from({ length: 2 * residualBlocks }, () => quarter);
  return [full, half, quarter, ...residual, half, full];
}

/**
 * The transform network f_W of the paper, with what all later code changed: instance normalisation (Ulyanov) in
 * place of batch normalisation, nearest-neighbour enlargement and a convolution in place of the fractionally
 * strided one (no checkerboard), reflection before every convolution (no border). Convolutions that
 * a normalisation follows have no bias, since it would be normalised away.
 *
 * @param image [N, 3, H, W], RGB, 0–255; sides from 16
 * @returns the painting, of the image's shape, about 0–255: neither clipped nor rounded
 */
export function styleNetwork(
  image: Tensor,
  weights: WeightSource,
  shape: StyleShape,
  forms: StyleForms = AS_TRAINED,
): Tensor {
  const [full, half, quarter] = shape.widths;
  const weight = (x: Tensor, name: string, to: number, kernel: number): Tensor =>
    weights(`${name}.weight`, [to, imageDims(x).c, kernel, kernel]);
  const normalised = (y: Tensor, name: string, to: number): Tensor =>
    forms.normalised(y, weights(`${name}.gain`, [to]), weights(`${name}.offset`, [to]));
  const block = (x: Tensor, name: string, to: number, kernel: number, stride = 1): Tensor =>
    normalised(conv(reflectPad(x, (kernel - 1) / 2), weight(x, name, to, kernel), { stride }), name, to);
  const residual = (x: Tensor, name: string): Tensor =>
    normalised(forms.residual(x, weight(x, name, quarter, 3)), name, quarter);
  const enlarged = (x: Tensor, name: string, to: number): Tensor =>
    normalised(forms.enlarged(x, weight(x, name, to, 3)), name, to);

  let x = scale(shift(image, -127.5), 1 / 127.5);
  x = relu(block(x, 'in', full, 9));
  x = relu(block(x, 'down1', half, 3, 2));
  x = relu(block(x, 'down2', quarter, 3, 2));
  for (let index = 1; index <= shape.residualBlocks; index++) {
    const inner = relu(residual(x, `residual${index}a`));
    x = add(x, residual(inner, `residual${index}b`));
  }
  x = relu(enlarged(x, 'up1', half));
  x = relu(enlarged(x, 'up2', full));
  const bias = weights('out.bias', [3]);
  x = forms.output(x, weights('out.weight', [3, full, 9, 9]), bias);
  return likeInput(toPixels(x), image);
}

/** Names and dims of a network's weights, in the order in which it uses them. */
export function styleParameters(shape: StyleShape): WeightParameter[] {
  return recordParameters((image, weights) => styleNetwork(image, weights, shape));
}

/** The shape of the network that `weights` belong to. @throws RangeError where they belong to none */
export function styleShape(weights: ReadonlyMap<string, WeightValues>): StyleShape {
  const width = (name: string): number => {
    const channels = weights.get(`${name}.weight`)?.dims[0];
    if (channels === undefined) throw new RangeError(`the weights of ${name} are missing`);
    return channels;
  };
  let residualBlocks = 0;
  while (weights.has(`residual${residualBlocks + 1}a.weight`)) residualBlocks++;
  return { widths: [width('in'), width('down1'), width('down2')], residualBlocks };
}

/**
 * The published form: input `image` [1, 3, height, width] (RGB, 0–255, sides from 16), output `painting` of the
 * same shape.
 * @throws RangeError where weights are missing or of the wrong dims
 */
export function publishedGraph(
  weights: ReadonlyMap<string, WeightValues>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = new Graph();
  const size: readonly Dim[] = [1, 3, 'dynamic', 'dynamic'];
  const image = graph.input('image', size);
  const painting = styleNetwork(image, constants(graph, weights), styleShape(weights));
  return toModel(graph, { painting }, metadata);
}

/** A scaled tanh, as in the paper: 127.5 ± 150, with a slope of 30 in the middle, where a new network works. */
function toPixels(x: Tensor): Tensor {
  return shift(scale(tanh(scale(x, 0.2)), 150), 127.5);
}

/** Without the up to three rows and columns that halving and doubling added. */
function likeInput(x: Tensor, image: Tensor): Tensor {
  const { h, w } = imageDims(image);
  const whole = [h, w].every((length) => length !== 'dynamic' && length % 4 === 0);
  return whole ? x : cropLike(x, image);
}
