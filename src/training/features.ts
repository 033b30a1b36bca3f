import { UserError } from '../errors.ts';
import type { Tensor } from '../graph/graph.ts';
import { conv } from '../graph/operators/conv.ts';
import { relu, sub } from '../graph/operators/elementwise.ts';
import { averagePool, maxPool } from '../graph/operators/image.ts';

/** One convolution of a loss network: 3×3, padded with zeros, followed by a ReLU. */
export interface LossLayer {
  /** `conv1_1`, … : block and place in the block. */
  readonly name: string;
  readonly outChannels: number;
  readonly inChannels: number;
  /** OIHW. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** A loss network that takes RGB in 0–255 less `mean`. */
export interface LossNetworkWeights {
  readonly layers: readonly LossLayer[];
  readonly mean: readonly [number, number, number];
}

/**
 * Adds the frozen loss network phi to a graph, once, and takes features of any picture with it.
 *
 * @param pooling `max` as published; `average` as Gatys et al. prefer
 */
export class LossNetwork {
  readonly #weights: LossNetworkWeights;
  readonly #pooling: (x: Tensor) => Tensor;
  readonly #constants = new Map<string, { weight: Tensor; bias: Tensor }>();

  constructor(weights: LossNetworkWeights, pooling: 'max' | 'average' = 'max') {
    this.#weights = weights;
    this.#pooling = pooling === 'max' ? maxPool : averagePool;
  }

  /**
   * @param image [N, 3, H, W], RGB, 0–255
   * @param names the activations wanted, such as `relu3_3`; nothing behind the last one is computed
   * @returns by name, each [N, C, H / 2^(block − 1), W / 2^(block − 1)]
   * @throws RangeError for a name that this loss network does not have
   */
  features(image: Tensor, names: readonly string[]): ReadonlyMap<string, Tensor> {
    const found = new Map<string, Tensor>();
    const { graph } = image;
    let x = sub(image, graph.constant(Float32Array.from(this.#weights.mean), [1, 3, 1, 1]));
    let block = '1';
    for (const layer of this.#weights.layers) {
      if (found.size === new Set(names).size) break;
      const suffix = layer.name.slice('conv'.length);
      const own = suffix.split('_')[0] ?? block;
      if (own !== block) x = this.#pooling(x);
      block = own;
      const { weight, bias } = this.#constantsOf(layer, x);
      x = relu(conv(x, weight, { padding: 1, bias }));
      if (names.includes(`relu${suffix}`)) found.set(`relu${suffix}`, x);
    }
    const missing = names.find((name) => !found.has(name));
    if (missing !== undefined) throw new RangeError(`the loss network has no ${missing}`);
    return found;
  }

  #constantsOf(layer: LossLayer, x: Tensor): { weight: Tensor; bias: Tensor } {
    const known = this.#constants.get(layer.name);
    if (known?.weight.graph === x.graph) return known;
    const made = {
      weight: x.graph.constant(layer.weight, [layer.outChannels, layer.inChannels, 3, 3]),
      bias: x.graph.constant(layer.bias, [layer.outChannels]),
    };
    this.#constants.set(layer.name, made);
    return made;
  }
}

/** Check that a loss network has the layers that a recipe names. @throws UserError `layer-unknown` */
export function requireLayers({ layers }: LossNetworkWeights, names: readonly string[]): void {
  const there = layers.map(({ name }) => name.replace('conv', 'relu'));
  const missing = names.find((name) => !there.includes(name));
  if (missing === undefined) return;
  throw new UserError(
    'layer-unknown',
    `The loss network has no layer ${missing}. It has ${there.join(', ')}.`,
    { data: { layer: missing } },
  );
}
