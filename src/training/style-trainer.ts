import { Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { styleParameters } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import type { LossNetworkWeights } from './features.ts';
import { initialWeights } from './initial-weights.ts';
import type { StyleTargets } from './objective.ts';
import type { StyleRecipe } from './recipe.ts';
import type { OpenSession } from './session-values.ts';
import { distillationStepModel, shapeOf, styleStepModel, styleTerms } from './style-step.ts';
import { type PhotoBatches, stateOf, Trainer, type TrainingState } from './trainer.ts';

/** A training at its beginning: new weights, or those of a finished network. @throws ImpastoError `from-mismatch` */
export function beginning(recipe: StyleRecipe, from?: ReadonlyMap<string, WeightValues>): TrainingState {
  const parameters = styleParameters(shapeOf(recipe));
  return stateOf(
    parameters,
    from ?? initialWeights(parameters, recipe.seed),
    (weight) =>
      new ImpastoError({
        code: 'from-mismatch',
        userMessage: `The network to start from is not of ${recipe.width} width. Take one that is, or give --width.`,
        data: { weight },
      }),
  );
}

/**
 * Emit the graph of a step of a style's training and open it.
 * @param init.photos gives the crops of a step, [batch, 3, crop, crop], RGB, 0–255, and stays the caller's to close
 */
export function createStyleTrainer(init: {
  readonly recipe: StyleRecipe;
  readonly lossNetwork: LossNetworkWeights;
  readonly targets: StyleTargets;
  /** The weights of the network that is learnt from; undefined where none is. */
  readonly teacher: ReadonlyMap<string, WeightValues> | undefined;
  readonly photos: PhotoBatches;
  readonly state: TrainingState;
  readonly open: OpenSession;
}): Promise<Trainer> {
  const { recipe, teacher, photos, state, open } = init;
  const { batch, crop } = recipe;
  return Trainer.create({
    model: teacher
      ? distillationStepModel(recipe, teacher)
      : styleStepModel(recipe, init.lossNetwork, init.targets),
    state,
    recipe,
    terms: styleTerms(recipe),
    feeds: async (step) => ({
      photos: new Tensor('float32', await photos.batch(step), [batch, 3, crop, crop]),
    }),
    open,
  });
}
