import { Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { upscaleParameters } from '../graph/networks/upscale.ts';
import type { WeightParameter, WeightValues } from '../graph/networks/weights.ts';
import type { LossNetworkWeights } from './features.ts';
import { initialWeights } from './initial-weights.ts';
import type { OpenSession } from './session-values.ts';
import { type PhotoBatches, stateOf, Trainer, type TrainingState } from './trainer.ts';
import { type UpscaleRecipe, upscaleShapeOf } from './upscale-recipe.ts';
import { upscaleStepModel, upscaleTerms } from './upscale-step.ts';

/**
 * A training at its beginning: new weights, or those of a finished network. One of a smaller factor lends what it has:
 * the enlargement that it lacks begins as a copy of its last.
 * @throws ImpastoError `from-mismatch`
 */
export function upscaleBeginning(
  recipe: UpscaleRecipe,
  from?: ReadonlyMap<string, WeightValues>,
): TrainingState {
  const parameters = upscaleParameters(upscaleShapeOf(recipe));
  const weights = from ? lent(parameters, from) : initialWeights(parameters, recipe.seed);
  return stateOf(
    parameters,
    weights,
    (weight) =>
      new ImpastoError({
        code: 'from-mismatch',
        userMessage: `The network to start from has other weights (${weight}). Take a super-resolution network of no larger factor.`,
        data: { weight },
      }),
  );
}

function lent(
  parameters: readonly WeightParameter[],
  from: ReadonlyMap<string, WeightValues>,
): Map<string, WeightValues> {
  const weights = new Map(from);
  let last = 0;
  while (from.has(`up${last + 1}.weight`)) last++;
  for (const { name } of parameters) {
    const part = /^up\d+\.(weight|bias)$/.exec(name)?.[1];
    const values = from.get(`up${last}.${part}`);
    if (part !== undefined && values && !weights.has(name)) weights.set(name, values);
  }
  return weights;
}

/**
 * Emit the graph of a step of a super-resolution network's training and open it.
 * @param init.photos gives the small crops of a step and then their truths, and stays the caller's to close
 */
export function createUpscaleTrainer(init: {
  readonly recipe: UpscaleRecipe;
  readonly lossNetwork: LossNetworkWeights | undefined;
  readonly photos: PhotoBatches;
  readonly state: TrainingState;
  readonly open: OpenSession;
}): Promise<Trainer> {
  const { recipe, photos, state, open } = init;
  const { batch, patch, factor } = recipe;
  const size = batch * 3 * patch * patch;
  const side = factor * patch;
  return Trainer.create({
    model: upscaleStepModel(recipe, init.lossNetwork),
    state,
    recipe,
    terms: upscaleTerms(recipe),
    feeds: async (step) => {
      const pixels = await photos.batch(step);
      return {
        low: new Tensor('float32', pixels.subarray(0, size), [batch, 3, patch, patch]),
        high: new Tensor('float32', pixels.subarray(size), [batch, 3, side, side]),
      };
    },
    open,
  });
}
