import { z } from 'zod';
import type { Picture } from '../images/picture.ts';
import { fromPlanes, toPlanes } from '../inference/planes.ts';
import type { StyleLosses } from './objective.ts';
import type { Objective, OptimisationSettings } from './optimisation.ts';

/** A painting's score and the seconds that it took to make it. */
export interface Scored extends StyleLosses {
  readonly seconds: number;
}

/** The score of the best painting after so many iterations, clipped and rounded as people would see it. */
export interface CurvePoint extends Scored {
  readonly iterations: number;
}

/** How far Gatys's optimisation comes on one photo, iteration by iteration. */
export interface OptimisationCurve {
  /** At each of `MARKS` that was reached, and at the last iteration; ascending. */
  readonly points: readonly CurvePoint[];
  /** The lowest objective after each iteration, of the painting before it is clipped and rounded. */
  readonly lowest: readonly number[];
}

/** Iterations at which scores are kept: those that a style's bar names, and others to see the way between. */
export const MARKS: readonly number[] = [25, 35, 50, 75, 100];

/** Part of every name, to be counted up when the optimiser itself changes: its earlier scores no longer hold. */
export const METHOD = 'lbfgs-2';

const losses = {
  objective: z.number(),
  feature: z.number(),
  style: z.number(),
  totalVariation: z.number(),
  seconds: z.number(),
};

/** A curve as it stands in files. */
export const curveSchema: z.ZodType<OptimisationCurve> = z.object({
  points: z.array(z.object({ iterations: z.int().min(1), ...losses })),
  lowest: z.array(z.number()),
});

/** Run the optimisation on a photo once, and score it at every mark on the way; scoring is not timed. */
export async function optimisationCurve(
  objective: Objective,
  photo: Picture,
  settings: OptimisationSettings,
): Promise<OptimisationCurve> {
  const planes = toPlanes(photo);
  const marks = marksUpTo(settings.iterations);
  const lowest: number[] = [];
  const kept: { iterations: number; painting: Float32Array; seconds: number }[] = [];
  let best: { painting: Float32Array; value: number } | undefined;
  const began = performance.now();
  const painting = await objective.optimise(planes, settings, {
    onEvaluation: (count, point, value) => {
      if (!best || value < best.value) best = { painting: point, value };
      lowest.push(Number(best.value.toPrecision(7)));
      if (marks.includes(count))
        kept.push({ iterations: count, painting: best.painting, seconds: secondsSince(began) });
    },
  });
  const seconds = secondsSince(began);
  // Where nothing led lower it has ended early, and would stand there still after more iterations.
  for (const iterations of marks.slice(kept.length)) kept.push({ iterations, painting, seconds });
  const points: CurvePoint[] = [];
  for (const { iterations, painting, seconds } of kept)
    points.push({ iterations, ...(await scoreShown(objective, painting, photo)), seconds });
  return { points, lowest };
}

/** The score of a painting [1, 3, H, W] as people would see it: clipped to 0–255 and rounded. */
export function scoreShown(
  objective: Objective,
  painting: Float32Array,
  photo: Picture,
): Promise<StyleLosses> {
  const shown = toPlanes(fromPlanes(painting, photo.width, photo.height));
  return objective.score(shown, toPlanes(photo));
}

/** The curve's score after exactly so many iterations. */
export function pointAt({ points }: OptimisationCurve, iterations: number): CurvePoint | undefined {
  return points.find((point) => point.iterations === iterations);
}

/** True where a curve tells all that a comparison with so many iterations asks. */
export function reachesTo(curve: OptimisationCurve, iterations: number): boolean {
  return marksUpTo(iterations).every((mark) => pointAt(curve, mark) !== undefined);
}

/**
 * The iterations after which the optimisation's own objective is as low as `objective`, or undefined where the curve ends
 * above it. It is taken before clipping, which is in the optimisation's favour.
 */
export function iterationsTo(
  { lowest }: OptimisationCurve,
  objective: number,
  within: number,
): number | undefined {
  const index = lowest.slice(0, within).findIndex((value) => value <= objective);
  return index < 0 ? undefined : index + 1;
}

function marksUpTo(iterations: number): number[] {
  return [...MARKS.filter((mark) => mark < iterations), iterations];
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
