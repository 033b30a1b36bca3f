import { Graph, type Tensor } from '../graph/graph.ts';
import {
  FULL_WIDTH,
  HALF_WIDTH,
  type StyleShape,
  styleNetwork,
  styleParameters,
} from '../graph/networks/style.ts';
import { add, scale } from '../graph/operators/elementwise.ts';
import { slice } from '../graph/operators/shape.ts';
import type { LossNetworkWeights } from './features.ts';
import { meanSquaredError } from './losses.ts';
import { addObjective, type StyleTargets } from './objective.ts';
import type { StyleRecipe } from './recipe.ts';
import { stepModel, trainedWeights } from './step.ts';

/** The network that a recipe trains. */
export function shapeOf(recipe: Pick<StyleRecipe, 'width'>): StyleShape {
  return recipe.width === 'half' ? HALF_WIDTH : FULL_WIDTH;
}

/** The terms of the objective of a style's training, by its recipe. */
export function styleTerms({ consistencyWeight }: StyleRecipe): string[] {
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
  const graph = new Graph();
  const shape = shapeOf(recipe);
  const photos = graph.input('photos', [recipe.batch, 3, recipe.crop, recipe.crop]);
  const rate = graph.input('rate', []);
  const weights = trainedWeights(graph, styleParameters(shape));
  const painted = (picture: Tensor): Tensor => styleNetwork(picture, weights.source, shape);
  const painting = painted(photos);
  const losses = addObjective(painting, photos, targets, lossNetwork, recipe, recipe.judged);
  if (recipe.consistencyWeight === 0) return stepModel({ ...losses }, weights, rate);
  const difference = meanSquaredError(painted(inner(photos, recipe.crop)), inner(painting, recipe.crop));
  const consistency = scale(difference, recipe.consistencyWeight);
  const objective = add(losses.objective, consistency);
  return stepModel({ ...losses, objective, consistency }, weights, rate);
}

/** How far the part that is painted anew lies inside: half a step of the network's grid beyond what a border does to it. */
const BEFORE = 18;
const AFTER = 14;

function inner(x: Tensor, crop: number): Tensor {
  return slice(slice(x, 2, BEFORE, crop - AFTER), 3, BEFORE, crop - AFTER);
}
