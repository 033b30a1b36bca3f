import { UserError } from '../errors.ts';
import { staticDims, type Tensor } from '../graph/graph.ts';
import { conv } from '../graph/operators/conv.ts';
import { relu, sub } from '../graph/operators/elementwise.ts';
import { averagePool, maxPool } from '../graph/operators/image.ts';
import { slice } from '../graph/operators/shape.ts';

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
   * @param part `inner` cuts off what the padding with zeros reaches, or as much of it as leaves half of each side
   * @returns by name, each [N, C, H / 2^(block − 1), W / 2^(block − 1)], less what is cut off
   * @throws RangeError for a name that this loss network does not have
   */
  features(
    image: Tensor,
    names: readonly string[],
    part: 'whole' | 'inner' = 'whole',
  ): ReadonlyMap<string, Tensor> {
    const found = new Map<string, Tensor>();
    const { graph } = image;
    let x = sub(image, graph.constant(Float32Array.from(this.#weights.mean), [1, 3, 1, 1]));
    let block = '1';
    let reach = 0;
    for (const layer of this.#weights.layers) {
      if (found.size === new Set(names).size) break;
      const suffix = layer.name.slice('conv'.length);
      const own = suffix.split('_')[0] ?? block;
      if (own !== block) {
        x = this.#pooling(x);
        reach = Math.ceil(reach / 2);
      }
      block = own;
      const { weight, bias } = this.#constantsOf(layer, x);
      x = relu(conv(x, weight, { padding: 1, bias }));
      reach++;
      const name = `relu${suffix}`;
      if (names.includes(name)) found.set(name, part === 'inner' ? inner(x, reach) : x);
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

/** Without `border` rows and columns on each side, or a quarter of them where that is less. */
function inner(x: Tensor, border: number): Tensor {
  return [2, 3].reduce((rest, axis) => {
    const length = staticDims(rest)[axis] ?? 0;
    const cut = Math.min(border, Math.floor(length / 4));
    return cut === 0 ? rest : slice(rest, axis, cut, length - cut);
  }, x);
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
