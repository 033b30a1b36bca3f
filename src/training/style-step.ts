import { Graph } from '../graph/graph.ts';
import {
  FULL_WIDTH,
  HALF_WIDTH,
  type StyleShape,
  styleNetwork,
  styleParameters,
} from '../graph/networks/style.ts';
import type { LossNetworkWeights } from './features.ts';
import { addObjective, type StyleTargets } from './objective.ts';
import type { StyleRecipe } from './recipe.ts';
import { stepModel, trainedWeights } from './step.ts';

/** The network that a recipe trains. */
export function shapeOf(recipe: Pick<StyleRecipe, 'width'>): StyleShape {
  return recipe.width === 'half' ? HALF_WIDTH : FULL_WIDTH;
}

/**
 * One training step as one model: forward pass, objective, backward pass, Adam.
 *
 * Inputs: `photos` [batch, 3, crop, crop] (RGB, 0–255), `rate` (scalar), and for every weight NAME
 * `weight:NAME`, `mean:NAME`, `square:NAME`. Outputs: the same three after the step, as
 * `next:weight:NAME` …, and the scalars `objective`, `feature`, `style`, `totalVariation` before it.
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
  const painting = styleNetwork(photos, weights.source, shape);
  const losses = addObjective(painting, photos, targets, lossNetwork, recipe, recipe.judged);
  return stepModel({ ...losses }, weights, rate);
}
