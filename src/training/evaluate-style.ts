import { Tensor } from 'onnxruntime-node';
import { publishedGraph } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import type { Picture } from '../images/picture.ts';
import { toPlanes } from '../inference/planes.ts';
import type { LossNetworkWeights } from './features.ts';
import { average, meanLosses } from './mean.ts';
import type { StyleLosses, StyleTargets } from './objective.ts';
import { Objective, type OptimisationSettings } from './optimisation.ts';
import {
  type CurvePoint,
  iterationsTo,
  type OptimisationCurve,
  optimisationCurve,
  pointAt,
  type Scored,
  scoreShown,
} from './optimisation-curve.ts';
import type { ObjectiveRecipe } from './recipe.ts';
import type { CurveStore } from './score-cache.ts';
import { floats, type OpenSession } from './session-values.ts';
import { type Judgement, judge } from './style-bar.ts';

/** How a network stands against the optimisation after so many iterations. */
export interface Against {
  /** The optimisation's means over the photos. */
  readonly objective: number;
  readonly seconds: number;
  /** The network's mean objective over it. */
  readonly ratio: number;
  /** The largest ratio of any photo, and which it is. */
  readonly worst: number;
  readonly worstPhoto: string;
}

/** One photo's scores. */
export interface PhotoScores {
  readonly photo: string;
  readonly network: Scored;
  /** The photo itself in the painting's place. */
  readonly content: StyleLosses;
  /** By iterations, as far as they are asked for. */
  readonly optimisation: readonly CurvePoint[];
  /** Iterations and seconds that the optimisation takes to the network's objective; missing where it does not get there. */
  readonly reached?: { readonly iterations: number; readonly seconds: number } | undefined;
}

/** How a style's network stands beside the optimisation. */
export interface StyleEvaluation {
  readonly style: string;
  /** How many. */
  readonly photos: number;
  /** Means over the photos. */
  readonly network: Scored;
  readonly optimisation: CurvePoint;
  readonly content: StyleLosses;
  /** Objective: the network's over the optimisation's. Time: the optimisation's over the network's. */
  readonly ratio: { readonly objective: number; readonly time: number };
  /** By iterations. */
  readonly against: Readonly<Record<number, Against>>;
  /** Means to the network's own objective; a photo on which it does not get there counts as `optimisation` in full. */
  readonly reached: { readonly photos: number; readonly iterations: number; readonly seconds: number };
  readonly bar: Judgement;
  readonly images: readonly PhotoScores[];
}

/** A photo under the name of its file. */
export interface NamedPhoto {
  readonly name: string;
  readonly picture: Picture;
}

/** What is compared, on what, and by what. */
export interface EvaluationInit {
  readonly style: string;
  readonly weights: ReadonlyMap<string, WeightValues>;
  /** Squares of one size. */
  readonly photos: readonly NamedPhoto[];
  readonly targets: StyleTargets;
  readonly lossNetwork: LossNetworkWeights;
  readonly recipe: ObjectiveRecipe;
  readonly settings: OptimisationSettings;
  readonly open: OpenSession;
  readonly curves: CurveStore;
  readonly onPhoto?: (index: number, scores: PhotoScores, curve: OptimisationCurve) => void;
}

/**
 * Compare a network with the optimisation baseline as the paper's section 4.1 does: both paintings are clipped
 * to 0–255, rounded, and scored by the same graph.
 */
export async function evaluateStyle(init: EvaluationInit): Promise<StyleEvaluation> {
  const { photos, settings, open } = init;
  const first = photos[0]?.picture;
  if (!first) throw new RangeError('there is no photo to evaluate on');
  const objective = await Objective.create(first, init.targets, init.lossNetwork, init.recipe, open);
  const paint = await painter(init.weights, first, open);
  const images: PhotoScores[] = [];
  try {
    for (const [index, { name, picture }] of photos.entries()) {
      const painted = await paint.run(toPlanes(picture));
      const network = {
        ...(await scoreShown(objective, painted.painting, picture)),
        seconds: painted.seconds,
      };
      let curve = await init.curves.get(picture, settings.iterations);
      if (!curve) {
        curve = await optimisationCurve(objective, picture, settings);
        await init.curves.put(picture, curve);
      }
      const content = await objective.score(toPlanes(picture), toPlanes(picture));
      const scores = photoScores(name, network, content, curve, settings.iterations);
      images.push(scores);
      init.onPhoto?.(index, scores, curve);
    }
  } finally {
    await paint.close();
    await objective.close();
  }
  return summary(init.style, settings.iterations, images);
}

function photoScores(
  photo: string,
  network: Scored,
  content: StyleLosses,
  curve: OptimisationCurve,
  iterations: number,
): PhotoScores {
  const count = iterationsTo(curve, network.objective, iterations);
  const last = pointAt(curve, iterations);
  const reached =
    count === undefined || !last
      ? undefined
      : { iterations: count, seconds: (last.seconds * count) / Math.min(iterations, curve.lowest.length) };
  const optimisation = curve.points.filter((point) => point.iterations <= iterations);
  return { photo, network, content, optimisation, ...(reached ? { reached } : {}) };
}

/** The optimisation's score on each photo after so many iterations; those photos are left out on which it has none. */
export function pointsAt(images: readonly PhotoScores[], iterations: number): CurvePoint[] {
  return images.flatMap(({ optimisation }) =>
    optimisation.filter((point) => point.iterations === iterations),
  );
}

/** Means over the photos, and the bar. */
function summary(style: string, iterations: number, images: readonly PhotoScores[]): StyleEvaluation {
  const network = mean(images.map((image) => image.network));
  const marks = images[0]?.optimisation.map((point) => point.iterations) ?? [];
  // A curve of a longer run has marks that another photo's lacks.
  const common = marks.filter((mark) => pointsAt(images, mark).length === images.length);
  const against = Object.fromEntries(
    common.map((mark) => [mark, standing(network.objective, images, pointsAt(images, mark))]),
  );
  const optimisation = { iterations, ...mean(pointsAt(images, iterations)) };
  const spent = images.map(({ reached }) => reached ?? optimisation);
  return {
    style,
    photos: images.length,
    network,
    optimisation,
    content: meanLosses(images.map(({ content }) => content)),
    ratio: {
      objective: network.objective / optimisation.objective,
      time: optimisation.seconds / network.seconds,
    },
    against,
    reached: {
      photos: images.filter(({ reached }) => reached).length,
      iterations: average(spent.map((each) => each.iterations)),
      seconds: average(spent.map((each) => each.seconds)),
    },
    bar: judge(style, images.length, against),
    images,
  };
}

function standing(objective: number, images: readonly PhotoScores[], points: readonly CurvePoint[]): Against {
  const ratios = images.map(({ photo, network }, index) => ({
    photo,
    ratio: network.objective / (points[index]?.objective ?? Number.NaN),
  }));
  const worst = ratios.reduce((most, one) => (one.ratio > most.ratio ? one : most));
  const theirs = mean(points);
  return {
    objective: theirs.objective,
    seconds: theirs.seconds,
    ratio: objective / theirs.objective,
    worst: worst.ratio,
    worstPhoto: worst.photo,
  };
}

/** The published graph, run once before it is timed: the first run allocates. */
async function painter(
  weights: ReadonlyMap<string, WeightValues>,
  { width, height }: Picture,
  open: OpenSession,
): Promise<{
  run(planes: Float32Array): Promise<{ painting: Float32Array; seconds: number }>;
  close(): Promise<void>;
}> {
  const session = await open(publishedGraph(weights));
  const run = async (planes: Float32Array): Promise<{ painting: Float32Array; seconds: number }> => {
    const began = performance.now();
    const results = await session.run({ image: new Tensor('float32', planes, [1, 3, height, width]) });
    const seconds = (performance.now() - began) / 1000;
    return { painting: floats(results.painting), seconds };
  };
  await run(new Float32Array(3 * width * height));
  return { run, close: () => session.release() };
}

function mean(scores: readonly Scored[]): Scored {
  return { ...meanLosses(scores), seconds: average(scores.map(({ seconds }) => seconds)) };
}
