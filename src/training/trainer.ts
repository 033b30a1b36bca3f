import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import type { WeightParameter, WeightValues } from '../graph/networks/weights.ts';
import { biasCorrection } from './adam.ts';
import { type Rate, rateAt } from './rate.ts';
import { feedsOf, floats, type Losses, type OpenSession, scalarOf } from './session-values.ts';
import { isRunning, STATE_PREFIXES } from './step.ts';

/** Where a training stands: all that the next step depends on, beside the recipe and the photos. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** `weight:NAME` for every weight of the network, and `mean:NAME` and `square:NAME` for those that are learnt. */
  readonly tensors: ReadonlyMap<string, WeightValues>;
}

/** Where a training's pictures come from. */
export interface PhotoBatches {
  /** What a step (from 1) is given, as numbers in the order that the step expects: the same for the same step, always. */
  batch(step: number): Promise<Float32Array>;
}

/**
 * A training at its beginning, with these weights and nothing remembered.
 * @param mismatch makes the error where a weight is missing or of other dims
 */
export function stateOf(
  parameters: readonly WeightParameter[],
  weights: ReadonlyMap<string, WeightValues>,
  mismatch: (weight: string) => ImpastoError,
): TrainingState {
  const tensors = new Map<string, WeightValues>();
  for (const { name, dims } of parameters) {
    const weight = weights.get(name);
    if (weight?.dims.join() !== dims.join()) throw mismatch(name);
    const zeros = (): WeightValues => ({ dims, data: new Float32Array(weight.data.length) });
    const [asWeight, asMean, asSquare] = STATE_PREFIXES;
    tensors.set(asWeight + name, { dims, data: Float32Array.from(weight.data) });
    if (isRunning(name)) continue;
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

/** What a trainer is made from. */
export interface TrainerInit {
  /** As `stepModel` makes it. */
  readonly model: Uint8Array;
  readonly state: TrainingState;
  readonly recipe: Rate;
  /** The names of the objective's terms among the model's outputs. */
  readonly terms: readonly string[];
  /** What a step is fed beside rate and state. */
  readonly feeds: (step: number) => Promise<Readonly<Record<string, Tensor>>>;
  readonly open: OpenSession;
}

/** Trains one network: each `step` is one run of one graph. Not to be called again before it has returned. */
export class Trainer {
  readonly #init: Pick<TrainerInit, 'recipe' | 'terms' | 'feeds'>;
  readonly #session: InferenceSession;
  #state: TrainingState;

  private constructor({ state, ...init }: TrainerInit, session: InferenceSession) {
    this.#init = init;
    this.#session = session;
    this.#state = state;
  }

  /** Open the graph of a step. */
  static async create(init: TrainerInit): Promise<Trainer> {
    return new Trainer(init, await init.open(init.model));
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
    const { recipe, terms, feeds } = this.#init;
    const step = this.#state.step + 1;
    const rate = rateAt(recipe, step) * biasCorrection(step);
    const results = await this.#session.run({
      ...(await feeds(step)),
      rate: new Tensor('float32', Float32Array.of(rate), []),
      ...feedsOf(this.#state.tensors),
    });
    const losses: Losses = {
      objective: scalarOf(results, 'objective'),
      ...Object.fromEntries(terms.map((term) => [term, scalarOf(results, term)])),
    };
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
