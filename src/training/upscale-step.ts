import { Graph, type Tensor } from '../graph/graph.ts';
import { BY_PHASES, upscaleNetwork, upscaleParameters } from '../graph/networks/upscale.ts';
import { channelStatistics } from '../graph/operators/batch-norm.ts';
import { add, scale } from '../graph/operators/elementwise.ts';
import { LossNetwork, type LossNetworkWeights } from './features.ts';
import { alongChannels, meanSquaredError } from './losses.ts';
import { stepModel, trainedWeights } from './step.ts';
import { type UpscaleRecipe, upscaleShapeOf } from './upscale-recipe.ts';

/** The terms of the objective of a super-resolution network's training, by its recipe. */
export function upscaleTerms({ loss, pixelWeight }: UpscaleRecipe): string[] {
  if (loss === 'pixel') return ['pixel'];
  return pixelWeight > 0 ? ['feature', 'pixel'] : ['feature'];
}

/**
 * One training step as one model: forward pass, loss, backward pass, Adam.
 *
 * Inputs: `low` [batch, 3, patch, patch] and its truth `high`, so many times larger (RGB, 0–255), `rate` (scalar), and
 * for every weight NAME `weight:NAME`, `mean:NAME`, `square:NAME`. Outputs: the same three after the step, as
 * `next:weight:NAME` …, and before it `objective` and its terms.
 *
 * @param lossNetwork only used where features are compared
 */
export function upscaleStepModel(
  recipe: UpscaleRecipe,
  lossNetwork: LossNetworkWeights | undefined,
): Uint8Array {
  const graph = new Graph();
  const shape = upscaleShapeOf(recipe);
  const { batch, patch, factor } = recipe;
  const low = graph.input('low', [batch, 3, patch, patch]);
  const high = graph.input('high', [batch, 3, factor * patch, factor * patch]);
  const rate = graph.input('rate', []);
  const weights = trainedWeights(graph, upscaleParameters(shape));
  const seen = new Map<string, Tensor>();
  const enlarged = upscaleNetwork(low, weights.source, shape, BY_PHASES, (y, name) => {
    const statistics = channelStatistics(y);
    for (const [kind, values] of Object.entries(statistics)) seen.set(`${name}.${kind}`, values);
    return statistics;
  });
  const pixel = meanSquaredError(enlarged, high);
  if (recipe.loss === 'pixel') return stepModel({ objective: pixel, pixel }, weights, rate, seen);
  if (!lossNetwork) throw new TypeError('features are compared by a loss network');
  const feature = featureLoss(enlarged, high, lossNetwork, recipe);
  if (recipe.pixelWeight === 0) return stepModel({ objective: feature, feature }, weights, rate, seen);
  const beside = scale(pixel, recipe.pixelWeight);
  return stepModel({ objective: add(feature, beside), feature, pixel: beside }, weights, rate, seen);
}

/** What brings the squared difference of normalised features to the size of that of plain ones. */
const NORMALISED_SCALE = 1e7;

function normalisedError(a: Tensor, b: Tensor): Tensor {
  return scale(meanSquaredError(alongChannels(a), alongChannels(b)), NORMALISED_SCALE);
}

/** The paper's feature loss, averaged over layers; only what the loss network's padding does not reach is compared. */
function featureLoss(
  enlarged: Tensor,
  high: Tensor,
  lossNetwork: LossNetworkWeights,
  { featureLayers: layers, features }: UpscaleRecipe,
): Tensor {
  const phi = new LossNetwork(lossNetwork);
  const ours = phi.features(enlarged, layers, 'inner');
  const theirs = phi.features(high, layers, 'inner');
  const losses = layers.map((layer) => {
    const [a, b] = [ours.get(layer), theirs.get(layer)];
    if (!a || !b) throw new RangeError(`${layer} is missing`);
    return features === 'plain' ? meanSquaredError(a, b) : normalisedError(a, b);
  });
  return scale(losses.reduce(add), 1 / losses.length);
}
