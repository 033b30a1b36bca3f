import { isDeepStrictEqual } from 'node:util';
import { Graph, type Tensor } from '../graph/graph.ts';
import {
  FULL_WIDTH,
  HALF_WIDTH,
  type StyleShape,
  styleNetwork,
  styleParameters,
} from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import { add, scale } from '../graph/operators/elementwise.ts';
import { slice } from '../graph/operators/shape.ts';
import type { LossNetworkWeights } from './features.ts';
import { meanSquaredError } from './losses.ts';
import { addObjective, type StyleTargets } from './objective.ts';
import type { StyleRecipe } from './recipe.ts';
import { stepModel, type TrainedWeights, trainedWeights } from './step.ts';
import { taughtPainting } from './teacher.ts';

/** The network that a recipe trains. */
export function shapeOf(recipe: Pick<StyleRecipe, 'width'>): StyleShape {
  return recipe.width === 'half' ? HALF_WIDTH : FULL_WIDTH;
}

/** The width of such a network; undefined where no recipe makes one. */
export function widthOf(shape: StyleShape): StyleRecipe['width'] | undefined {
  return WIDTHS.find((width) => isDeepStrictEqual(shapeOf({ width }), shape));
}

const WIDTHS: readonly StyleRecipe['width'][] = ['half', 'full'];

/** The terms of what a style's training minimises, by its recipe. */
export function styleTerms({
  loss,
  consistencyWeight,
}: Pick<StyleRecipe, 'loss' | 'consistencyWeight'>): string[] {
  if (loss === 'distillation') return ['distillation'];
  const terms = ['feature', 'style', 'totalVariation'];
  return consistencyWeight > 0 ? [...terms, 'consistency'] : terms;
}

/**
 * One training step as one model: forward pass, objective, backward pass, Adam.
 *
 * Inputs: `photos` [batch, 3, crop, crop] (RGB, 0–255), `rate` (scalar), and for every weight NAME
 * `weight:NAME`, `mean:NAME`, `square:NAME`. Outputs: the same three after the step, as
 * `next:weight:NAME` …, and before it the scalars `objective` and its terms (`styleTerms`).
 */
export function styleStepModel(
  recipe: StyleRecipe,
  lossNetwork: LossNetworkWeights,
  targets: StyleTargets,
): Uint8Array {
  const { photos, painting, weights, rate } = stepInputs(recipe);
  const { crop, consistencyWeight } = recipe;
  const losses = addObjective(painting, photos, targets, lossNetwork, recipe, recipe.judged);
  if (consistencyWeight === 0) return stepModel({ ...losses }, weights, rate);
  const part = styleNetwork(inner(photos, crop), weights.source, shapeOf(recipe));
  const consistency = scale(meanSquaredError(part, inner(painting, crop)), consistencyWeight);
  return stepModel({ ...losses, objective: add(losses.objective, consistency), consistency }, weights, rate);
}

/**
 * The same for a network that learns what another, the teacher, paints at its best: inputs and outputs are alike, and the
 * objective is the mean squared difference to the teacher's painting as `taughtPainting` makes it (distillation, Hinton
 * et al. 2015). What the teacher needs two runs and a margin for, the network then paints in one.
 */
export function distillationStepModel(
  recipe: StyleRecipe,
  teacher: ReadonlyMap<string, WeightValues>,
): Uint8Array {
  const { photos, painting, weights, rate } = stepInputs(recipe);
  const distillation = meanSquaredError(painting, taughtPainting(photos, teacher));
  return stepModel({ objective: distillation, distillation }, weights, rate);
}

/** How far the part that is painted anew lies inside: half a step of the network's grid beyond what a border does to it. */
const BEFORE = 18;
const AFTER = 14;

function inner(x: Tensor, crop: number): Tensor {
  return slice(slice(x, 2, BEFORE, crop - AFTER), 3, BEFORE, crop - AFTER);
}

interface StepInputs {
  readonly photos: Tensor;
  readonly rate: Tensor;
  readonly weights: TrainedWeights;
  readonly painting: Tensor;
}

function stepInputs(recipe: StyleRecipe): StepInputs {
  const graph = new Graph();
  const shape = shapeOf(recipe);
  const photos = graph.input('photos', [recipe.batch, 3, recipe.crop, recipe.crop]);
  const rate = graph.input('rate', []);
  const weights = trainedWeights(graph, styleParameters(shape));
  return { photos, rate, weights, painting: styleNetwork(photos, weights.source, shape) };
}
