import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { styleParameters } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import { biasCorrection } from './adam.ts';
import type { LossNetworkWeights } from './features.ts';
import { initialWeights } from './initial-weights.ts';
import type { StyleTargets } from './objective.ts';
import { rateAt, type StyleRecipe } from './recipe.ts';
import { feedsOf, floats, type Losses, type OpenSession, readLosses } from './session-values.ts';
import { STATE_PREFIXES, shapeOf, styleStepModel } from './style-step.ts';

/** Where a training stands: all that the next step depends on, beside the recipe and the photos. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** `weight:NAME`, `mean:NAME` and `square:NAME` for every weight of the network. */
  readonly tensors: ReadonlyMap<string, WeightValues>;
}

/** Where a training's photos come from. */
export interface PhotoBatches {
  /** The crops of a step (from 1), [batch, 3, crop, crop], RGB, 0–255: the same for the same step, always. */
  batch(step: number): Promise<Float32Array>;
}

/** A training at its beginning: new weights, or those of a finished network. @throws ImpastoError `from-mismatch` */
export function beginning(recipe: StyleRecipe, from?: ReadonlyMap<string, WeightValues>): TrainingState {
  const parameters = styleParameters(shapeOf(recipe));
  const weights = from ?? initialWeights(parameters, recipe.seed);
  const tensors = new Map<string, WeightValues>();
  for (const { name, dims } of parameters) {
    const weight = weights.get(name);
    if (weight?.dims.join() !== dims.join()) {
      throw new ImpastoError({
        code: 'from-mismatch',
        userMessage: `The network to start from is not of ${recipe.width} width. Take one that is, or give --width.`,
        data: { weight: name },
      });
    }
    const zeros = (): WeightValues => ({ dims, data: new Float32Array(weight.data.length) });
    const [asWeight, asMean, asSquare] = STATE_PREFIXES;
    tensors.set(asWeight + name, { dims, data: Float32Array.from(weight.data) });
    tensors.set(asMean + name, zeros());
    tensors.set(asSquare + name, zeros());
  }
  return { step: 0, tensors };
}

/** The network's own weights in a training's state, by name. */
export function weightsOf(state: TrainingState): Map<string, WeightValues> {
  const [prefix] = STATE_PREFIXES;
  return new Map(
    [...state.tensors].flatMap(([name, values]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), values] as const] : [],
    ),
  );
}

/** Trains one style: each `step` is one run of one graph. Not to be called again before it has returned. */
export class StyleTrainer {
  readonly #recipe: StyleRecipe;
  readonly #photos: PhotoBatches;
  readonly #session: InferenceSession;
  #state: TrainingState;

  private constructor(
    recipe: StyleRecipe,
    photos: PhotoBatches,
    session: InferenceSession,
    state: TrainingState,
  ) {
    this.#recipe = recipe;
    this.#photos = photos;
    this.#session = session;
    this.#state = state;
  }

  /** Emit the graph of a step and open it. @param init.photos stays the caller's to close */
  static async create(init: {
    readonly recipe: StyleRecipe;
    readonly lossNetwork: LossNetworkWeights;
    readonly targets: StyleTargets;
    readonly photos: PhotoBatches;
    readonly state: TrainingState;
    readonly open: OpenSession;
  }): Promise<StyleTrainer> {
    const session = await init.open(styleStepModel(init.recipe, init.lossNetwork, init.targets));
    return new StyleTrainer(init.recipe, init.photos, session, init.state);
  }

  /** After the last step that succeeded. */
  get state(): TrainingState {
    return this.#state;
  }

  /**
   * Do the next step. The state stays as it was where the step fails.
   * @throws ImpastoError `training-diverged` where a loss or a weight is no longer a finite number
   */
  async step(): Promise<Losses> {
    const { batch, crop } = this.#recipe;
    const step = this.#state.step + 1;
    const photos = await this.#photos.batch(step);
    const rate = rateAt(this.#recipe, step) * biasCorrection(step);
    const results = await this.#session.run({
      photos: new Tensor('float32', photos, [batch, 3, crop, crop]),
      rate: new Tensor('float32', Float32Array.of(rate), []),
      ...feedsOf(this.#state.tensors),
    });
    const losses = readLosses(results);
    const tensors = new Map<string, WeightValues>();
    for (const [name, { dims }] of this.#state.tensors) {
      tensors.set(name, { dims, data: floats(results[`next:${name}`]) });
    }
    if (!Object.values(losses).every(Number.isFinite) || ![...tensors.values()].every(finite))
      throw diverged(step);
    this.#state = { step, tensors };
    return losses;
  }

  /** Release the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

function finite({ data }: WeightValues): boolean {
  return data.every(Number.isFinite);
}

function diverged(step: number): ImpastoError {
  return new ImpastoError({
    code: 'training-diverged',
    userMessage:
      `Training diverged at step ${step}: a loss or a weight is no longer a number. The last checkpoint is ` +
      'intact; resume from it with a lower --rate.',
    data: { step },
  });
}
