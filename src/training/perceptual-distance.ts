import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { Graph, type Tensor as GraphTensor } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import { mul, sub } from '../graph/operators/elementwise.ts';
import { reduceMean } from '../graph/operators/reduce.ts';
import type { Picture } from '../images/picture.ts';
import { toPlanes } from '../inference/planes.ts';
import { LossNetwork, type LossNetworkWeights } from './features.ts';
import { alongChannels } from './losses.ts';
import { type OpenSession, scalarOf } from './session-values.ts';

/** Where features are compared. */
export const PERCEPTUAL_LAYERS = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3'] as const;

/** How far two pictures are apart to a loss network. */
export interface PerceptualScore {
  /** The mean over all layers. */
  readonly perceptualDistance: number;
  readonly relu4_3: number;
}

/**
 * Measures perceptual distances: the features of both pictures, at each place divided by their length over the channels;
 * the squared difference averaged over all entries; the mean over the layers.
 */
export class PerceptualDistance {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @param lossNetwork must have `PERCEPTUAL_LAYERS` */
  static async create(lossNetwork: LossNetworkWeights, open: OpenSession): Promise<PerceptualDistance> {
    const graph = new Graph();
    const phi = new LossNetwork(lossNetwork);
    const [ours, theirs] = ['a', 'b'].map((name) =>
      phi.features(graph.input(name, [1, 3, 'dynamic', 'dynamic']), PERCEPTUAL_LAYERS),
    );
    const outputs = PERCEPTUAL_LAYERS.map((layer) => {
      const [x, y] = [ours?.get(layer), theirs?.get(layer)];
      if (!x || !y) throw new RangeError(`${layer} is missing`);
      const difference = sub(alongChannels(x), alongChannels(y));
      return [layer, meanOf(mul(difference, difference))] as const;
    });
    return new PerceptualDistance(await open(toModel(graph, Object.fromEntries(outputs))));
  }

  /** Of two pictures of one size, sides from 8 pixels. */
  async between(a: Picture, b: Picture): Promise<PerceptualScore> {
    const feed = (picture: Picture): Tensor =>
      new Tensor('float32', toPlanes(picture), [1, 3, picture.height, picture.width]);
    const results = await this.#session.run({ a: feed(a), b: feed(b) });
    const distances = PERCEPTUAL_LAYERS.map((layer) => scalarOf(results, layer));
    return {
      perceptualDistance: distances.reduce((sum, distance) => sum + distance, 0) / distances.length,
      relu4_3: scalarOf(results, 'relu4_3'),
    };
  }

  /** Release the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** Axis by axis, because onnxruntime adds up naively in float32. */
function meanOf(x: GraphTensor): GraphTensor {
  return [3, 2, 1, 0].reduce((rest, axis) => reduceMean(rest, [axis]), x);
}
