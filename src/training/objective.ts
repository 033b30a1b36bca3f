import type { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from '../graph/graph.ts';
import { Graph } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import { add, scale } from '../graph/operators/elementwise.ts';
import { LossNetwork, type LossNetworkWeights } from './features.ts';
import { gram, meanSquaredError, totalVariation } from './losses.ts';
import type { ObjectiveRecipe } from './recipe.ts';
import { type Losses, scalarOf } from './session-values.ts';

/** Gram matrices [1, C, C] of the artwork, by layer. */
export type StyleTargets = ReadonlyMap<
  string,
  { readonly dims: readonly number[]; readonly data: Float32Array }
>;

/** The three terms as weighted in their sum, the objective. Scalars. */
export interface ObjectiveTensors {
  readonly objective: Tensor;
  readonly feature: Tensor;
  readonly style: Tensor;
  readonly totalVariation: Tensor;
}

/**
 * Add the objective of the paper's section 3 to a graph. Training, evaluation and the optimisation baseline all
 * use this one.
 *
 * @param painting [N, 3, H, W], RGB, 0–255
 * @param photo of the same shape: the content target
 * @param judged `inner` leaves out features that the loss network's padding reaches: for training only
 */
export function addObjective(
  painting: Tensor,
  photo: Tensor,
  targets: StyleTargets,
  lossNetwork: LossNetworkWeights,
  recipe: ObjectiveRecipe,
  judged: 'whole' | 'inner' = 'whole',
): ObjectiveTensors {
  const { graph } = painting;
  const phi = new LossNetwork(lossNetwork, recipe.pooling);
  const layers = [...new Set([...recipe.styleLayers, recipe.contentLayer])];
  const painted = phi.features(painting, layers, judged);
  const wanted = phi.features(photo, [recipe.contentLayer], judged);
  const feature = scale(
    meanSquaredError(at(painted, recipe.contentLayer), at(wanted, recipe.contentLayer)),
    recipe.contentWeight,
  );
  const perLayer = recipe.styleLayers.map((layer) => {
    const { dims, data } = at(targets, layer);
    return meanSquaredError(gram(at(painted, layer)), graph.constant(data, dims));
  });
  const style = scale(perLayer.reduce(add), recipe.styleWeight);
  const variation = scale(totalVariation(painting), recipe.totalVariationWeight);
  return { objective: add(add(feature, style), variation), feature, style, totalVariation: variation };
}

/**
 * A model that takes the `artwork` [1, 3, H, W] (RGB, 0–255) and gives its Gram matrices, an output for each
 * of the style layers under the layer's name.
 */
export function styleTargetModel(
  dims: readonly [number, number, number, number],
  lossNetwork: LossNetworkWeights,
  recipe: ObjectiveRecipe,
): Uint8Array {
  const graph = new Graph();
  const phi = new LossNetwork(lossNetwork, recipe.pooling);
  const features = phi.features(graph.input('artwork', dims), recipe.styleLayers);
  return toModel(graph, Object.fromEntries([...features].map(([layer, tensor]) => [layer, gram(tensor)])));
}

function at<T>(map: ReadonlyMap<string, T>, layer: string): T {
  const value = map.get(layer);
  if (value === undefined) throw new RangeError(`${layer} is missing`);
  return value;
}

/** The objective and its three terms, as numbers. */
export interface StyleLosses extends Losses {
  readonly feature: number;
  readonly style: number;
  readonly totalVariation: number;
}

/** The four scalars of an objective out of a run's results. */
export function readLosses(results: InferenceSession.OnnxValueMapType): StyleLosses {
  return {
    objective: scalarOf(results, 'objective'),
    feature: scalarOf(results, 'feature'),
    style: scalarOf(results, 'style'),
    totalVariation: scalarOf(results, 'totalVariation'),
  };
}
