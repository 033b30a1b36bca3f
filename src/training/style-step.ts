import { gradients } from '../graph/gradients.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import {
  FULL_WIDTH,
  HALF_WIDTH,
  type StyleShape,
  styleNetwork,
  styleParameters,
} from '../graph/networks/style.ts';
import { adamStep } from './adam.ts';
import type { LossNetworkWeights } from './features.ts';
import { addObjective, type StyleTargets } from './objective.ts';
import type { StyleRecipe } from './recipe.ts';

/** Prefixes of the state's tensors among the inputs and outputs of a step: the weights and Adam's two means. */
export const STATE_PREFIXES = ['weight:', 'mean:', 'square:'] as const;

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
  const states = styleParameters(shape).map(({ name, dims }) => {
    const [parameter, mean, square] = STATE_PREFIXES.map((prefix) => graph.input(prefix + name, dims));
    if (!parameter || !mean || !square) throw new TypeError('a state has three parts');
    return { name, parameter, mean, square };
  });
  const byName = new Map(states.map(({ name, parameter }) => [name, parameter]));
  const painting = styleNetwork(photos, (name) => known(byName.get(name), name), shape);
  const losses = addObjective(painting, photos, targets, lossNetwork, recipe, recipe.judged);
  const slopes = gradients(losses.objective, [...byName.values()]);
  const outputs: Record<string, Tensor> = { ...losses };
  states.forEach((state, index) => {
    const next = adamStep(state, known(slopes[index], state.name), rate);
    const [weight, mean, square] = STATE_PREFIXES;
    outputs[`next:${weight}${state.name}`] = next.parameter;
    outputs[`next:${mean}${state.name}`] = next.mean;
    outputs[`next:${square}${state.name}`] = next.square;
  });
  return toModel(graph, outputs);
}

function known(tensor: Tensor | undefined, name: string): Tensor {
  if (!tensor) throw new RangeError(`there is no weight ${name}`);
  return tensor;
}
