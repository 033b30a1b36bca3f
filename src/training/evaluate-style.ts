import { Tensor } from 'onnxruntime-node';
import { publishedGraph } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import type { Picture } from '../images/picture.ts';
import { fromPlanes, toPlanes } from '../inference/planes.ts';
import type { LossNetworkWeights } from './features.ts';
import type { StyleLosses, StyleTargets } from './objective.ts';
import { Objective, type OptimisationSettings } from './optimisation.ts';
import type { ObjectiveRecipe } from './recipe.ts';
import { floats, type OpenSession } from './session-values.ts';

/** A painting's score and the seconds that it took to make it. */
export interface Scored extends StyleLosses {
  readonly seconds: number;
}

/** How a style's network stands beside the optimisation. */
export interface StyleEvaluation {
  readonly style: string;
  /** How many. */
  readonly photos: number;
  /** Means over the photos. */
  readonly network: Scored;
  readonly optimisation: Scored & { readonly iterations: number };
  /** Objective: the network's over the optimisation's. Time: the optimisation's over the network's. */
  readonly ratio: { readonly objective: number; readonly time: number };
}

/** What is compared, on what, and by what. */
export interface EvaluationInit {
  readonly style: string;
  readonly weights: ReadonlyMap<string, WeightValues>;
  /** Squares of one size. */
  readonly photos: readonly Picture[];
  readonly targets: StyleTargets;
  readonly lossNetwork: LossNetworkWeights;
  readonly recipe: ObjectiveRecipe;
  readonly settings: OptimisationSettings;
  readonly open: OpenSession;
  /** The optimisation's scores are looked up here first and kept here: they take minutes. */
  readonly cache: {
    get(photo: Picture): Promise<Scored | undefined>;
    put(photo: Picture, scored: Scored): Promise<void>;
  };
  readonly onPhoto?: (index: number, network: Scored, optimisation: Scored) => void;
}

/**
 * Compare a network with the optimisation baseline as the paper's section 4.1 does: both paintings are clipped
 * to 0–255, rounded, and scored by the same graph.
 */
export async function evaluateStyle(init: EvaluationInit): Promise<StyleEvaluation> {
  const { photos, settings } = init;
  const [first] = photos;
  if (!first) throw new RangeError('there is no photo to evaluate on');
  const objective = await Objective.create(first, init.targets, init.lossNetwork, init.recipe, init.open);
  const paint = await painter(init.weights, first, init.open);
  const network: Scored[] = [];
  const optimisation: Scored[] = [];
  try {
    for (const [index, photo] of photos.entries()) {
      const planes = toPlanes(photo);
      const painted = await timed(() => paint.run(planes));
      const ours = await score(objective, painted.result, photo, painted.seconds);
      let theirs = await init.cache.get(photo);
      if (!theirs) {
        const optimised = await timed(() => objective.optimise(planes, settings));
        theirs = await score(objective, optimised.result, photo, optimised.seconds);
        await init.cache.put(photo, theirs);
      }
      network.push(ours);
      optimisation.push(theirs);
      init.onPhoto?.(index, ours, theirs);
    }
  } finally {
    await paint.close();
    await objective.close();
  }
  const [ours, theirs] = [mean(network), mean(optimisation)];
  return {
    style: init.style,
    photos: photos.length,
    network: ours,
    optimisation: { iterations: settings.iterations, ...theirs },
    ratio: { objective: ours.objective / theirs.objective, time: theirs.seconds / ours.seconds },
  };
}

/** The bar for a finished style: no worse than so many iterations, as the paper reports, over so many photos. */
const BAR = { iterations: 50, photos: 20 };

/** True where a style is finished, and no longer provisional. */
export function passesBar(result: StyleEvaluation): boolean {
  const { ratio, optimisation, photos } = result;
  return ratio.objective <= 1 && optimisation.iterations >= BAR.iterations && photos >= BAR.photos;
}

/** The published graph, run once before it is timed: the first run allocates. */
async function painter(
  weights: ReadonlyMap<string, WeightValues>,
  { width, height }: Picture,
  open: OpenSession,
): Promise<{ run(planes: Float32Array): Promise<Float32Array>; close(): Promise<void> }> {
  const session = await open(publishedGraph(weights));
  const run = async (planes: Float32Array): Promise<Float32Array> => {
    const results = await session.run({ image: new Tensor('float32', planes, [1, 3, height, width]) });
    return floats(results.painting);
  };
  await run(new Float32Array(3 * width * height));
  return { run, close: () => session.release() };
}

async function score(
  objective: Objective,
  painting: Float32Array,
  photo: Picture,
  seconds: number,
): Promise<Scored> {
  const shown = toPlanes(fromPlanes(painting, photo.width, photo.height));
  return { ...(await objective.score(shown, toPlanes(photo))), seconds };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const began = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - began) / 1000 };
}

function mean(scores: readonly Scored[]): Scored {
  const of = (key: string): number =>
    scores.reduce((sum, scored) => sum + (scored[key] ?? Number.NaN), 0) / scores.length;
  return {
    objective: of('objective'),
    feature: of('feature'),
    style: of('style'),
    totalVariation: of('totalVariation'),
    seconds: of('seconds'),
  };
}
