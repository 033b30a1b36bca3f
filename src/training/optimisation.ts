import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { gradients } from '../graph/gradients.ts';
import { Graph } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import type { LossNetworkWeights } from './features.ts';
import { type LbfgsOptions, minimise } from './lbfgs.ts';
import { addObjective, readLosses, type StyleLosses, type StyleTargets } from './objective.ts';
import { gaussianSource } from './random.ts';
import type { ObjectiveRecipe } from './recipe.ts';
import { floats, type OpenSession } from './session-values.ts';

/** The settings of the optimisation baseline: part of what its cached results are named by. */
export interface OptimisationSettings {
  /** Evaluations of loss and gradient. */
  readonly iterations: number;
  /** L-BFGS's memory. */
  readonly history: number;
  /** Of the white noise from which it starts. */
  readonly seed: number;
  /** Standard deviation of the noise, around 127.5. */
  readonly noise: number;
}

/** The baseline that styles are judged by, but for how long it may take. */
export const BASELINE: Omit<OptimisationSettings, 'iterations'> = { history: 20, seed: 1, noise: 50 };

/**
 * The objective for pictures of one size: `score` for any painting, and Gatys's optimisation (Gatys et al. 2015;
 * the paper's equation 5), which the paper compares itself with. Pictures are [1, 3, height, width], RGB, 0–255.
 */
export class Objective {
  readonly #session: InferenceSession;
  readonly #dims: readonly [number, number, number, number];

  private constructor(session: InferenceSession, dims: readonly [number, number, number, number]) {
    this.#session = session;
    this.#dims = dims;
  }

  /** Emit the graph for pictures of `size` and open it. */
  static async create(
    size: { readonly width: number; readonly height: number },
    targets: StyleTargets,
    lossNetwork: LossNetworkWeights,
    recipe: ObjectiveRecipe,
    open: OpenSession,
  ): Promise<Objective> {
    const graph = new Graph();
    const dims = [1, 3, size.height, size.width] as const;
    const painting = graph.input('painting', dims);
    const photo = graph.input('photo', dims);
    const losses = addObjective(painting, photo, targets, lossNetwork, recipe);
    const [gradient] = gradients(losses.objective, [painting]);
    if (!gradient) throw new TypeError('the painting has a gradient');
    return new Objective(await open(toModel(graph, { ...losses, gradient })), dims);
  }

  /** The objective and its terms for a painting. */
  async score(painting: Float32Array, photo: Float32Array): Promise<StyleLosses> {
    return readLosses(await this.#session.run(this.#feeds(painting, photo)));
  }

  /**
   * Gatys's optimisation from seeded noise; the result is neither clipped nor rounded.
   * @param watch.onEvaluation called after each evaluation with how many there have been, the painting and its objective
   * @param watch.signal ends it early, with the best painting so far
   */
  async optimise(
    photo: Float32Array,
    settings: OptimisationSettings,
    watch: Pick<LbfgsOptions, 'onEvaluation' | 'signal'> = {},
  ): Promise<Float32Array> {
    const noise = gaussianSource(settings.seed);
    const start = Float32Array.from(photo, () => 127.5 + settings.noise * noise());
    const { point } = await minimise(
      async (painting) => {
        // Lets a signal from the keyboard be heard: a run of the graph keeps the thread to itself.
        await new Promise((resolve) => setImmediate(resolve));
        const results = await this.#session.run(this.#feeds(painting, photo));
        return { value: readLosses(results).objective, gradient: floats(results.gradient) };
      },
      start,
      { evaluations: settings.iterations, history: settings.history, ...watch },
    );
    return point;
  }

  /** Release the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  #feeds(painting: Float32Array, photo: Float32Array): InferenceSession.FeedsType {
    return {
      painting: new Tensor('float32', painting, this.#dims),
      photo: new Tensor('float32', photo, this.#dims),
    };
  }
}
