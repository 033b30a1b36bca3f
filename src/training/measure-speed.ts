import { Tensor } from 'onnxruntime-node';
import { servingGraph } from '../graph/networks/serving.ts';
import { publishedGraph } from '../graph/networks/style.ts';
import type { WeightValues } from '../graph/networks/weights.ts';
import type { Picture } from '../images/picture.ts';
import { toPlanes } from '../inference/planes.ts';
import type { LossNetworkWeights } from './features.ts';
import type { StyleTargets } from './objective.ts';
import { BASELINE, Objective } from './optimisation.ts';
import type { ObjectiveRecipe } from './recipe.ts';
import type { OpenSession } from './session-values.ts';

/** Iterations of the optimisation that a network is compared with: the paper's table 1. */
export const COMPARED: readonly number[] = [100, 300, 500];

/** Where the optimisation is run in full; on larger squares so many iterations are timed and multiplied. */
const FULL_SIDE = 256;
const TIMED = 20;

/** Runs whose median is taken. */
const RUNS = 5;

/** Seconds on squares of one size. */
export interface SpeedRow {
  /** Pixels. */
  readonly side: number;
  /** One run of the graph that is served. */
  readonly network: number;
  /** One run of the published graph, which is the same function. */
  readonly published: number;
  /** Iterations that were really run; what lies beyond is multiplied. */
  readonly timed: number;
  /** By iterations. */
  readonly optimisation: Readonly<Record<number, number>>;
  /** The optimisation's seconds over `network`. */
  readonly ratio: Readonly<Record<number, number>>;
}

/** How fast a network is beside the optimisation, by one engine and as many threads. */
export interface Speed {
  /** How it was measured, in a sentence. */
  readonly protocol: string;
  readonly sizes: readonly SpeedRow[];
}

/** What is timed. */
export interface SpeedInit {
  readonly weights: ReadonlyMap<string, WeightValues>;
  /** A square for each size. */
  readonly photos: readonly Picture[];
  readonly targets: StyleTargets;
  readonly lossNetwork: LossNetworkWeights;
  readonly recipe: ObjectiveRecipe;
  readonly open: OpenSession;
  readonly onSize?: (row: SpeedRow) => void;
}

/** Time a network and the optimisation after one another, on one photo at several sizes. */
export async function measureSpeed(init: SpeedInit): Promise<Speed> {
  const sizes: SpeedRow[] = [];
  for (const photo of init.photos) {
    const network = await timeGraph(servingGraph(init.weights), photo, init.open);
    const published = await timeGraph(publishedGraph(init.weights), photo, init.open);
    const marks = await timeOptimisation(photo, init);
    const timed = marks.length;
    const optimisation = Object.fromEntries(
      COMPARED.map((iterations) => {
        const within = marks[Math.min(iterations, timed) - 1] ?? Number.NaN;
        return [iterations, within * Math.max(1, iterations / timed)];
      }),
    );
    const ratio = Object.fromEntries(COMPARED.map((count) => [count, (optimisation[count] ?? 0) / network]));
    const row = { side: photo.width, network, published, timed, optimisation, ratio };
    sizes.push(row);
    init.onSize?.(row);
  }
  return { protocol: PROTOCOL, sizes };
}

const PROTOCOL =
  `Network: one run of the graph that is served, the median of ${RUNS} after one that allocates. Optimisation: evaluations of loss and ` +
  `gradient, each by one run of one graph, with L-BFGS (history ${BASELINE.history}) between them, after one that allocates; on squares over ${FULL_SIDE} pixels ` +
  `${TIMED} iterations are timed and multiplied. Both by the same engine on the same threads; opening the graphs is timed for neither.`;

async function timeGraph(model: Uint8Array, photo: Picture, open: OpenSession): Promise<number> {
  const session = await open(model);
  const image = new Tensor('float32', toPlanes(photo), [1, 3, photo.height, photo.width]);
  const seconds: number[] = [];
  try {
    for (let run = 0; run <= RUNS; run++) {
      const began = performance.now();
      await session.run({ image });
      if (run > 0) seconds.push((performance.now() - began) / 1000);
    }
  } finally {
    await session.release();
  }
  return seconds.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

/** Seconds after each of the iterations that are run. */
async function timeOptimisation(photo: Picture, init: SpeedInit): Promise<number[]> {
  const iterations = photo.width <= FULL_SIDE ? Math.max(...COMPARED) : TIMED;
  const objective = await Objective.create(photo, init.targets, init.lossNetwork, init.recipe, init.open);
  const planes = toPlanes(photo);
  const marks: number[] = [];
  try {
    await objective.score(planes, planes);
    const began = performance.now();
    await objective.optimise(
      planes,
      { ...BASELINE, iterations },
      { onEvaluation: () => marks.push((performance.now() - began) / 1000) },
    );
  } finally {
    await objective.close();
  }
  return marks;
}
