import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toPlanes } from '../../src/inference/planes.ts';
import { BASELINE, Objective } from '../../src/training/optimisation.ts';
import { objectiveOf } from '../../src/training/recipe.ts';
import { styleTargets } from '../../src/training/style-targets.ts';
import * as plain from './plain-objective.ts';
import { open, tinyLossNetwork, tinyRecipe, waves } from './support.ts';

const SIZE = { width: 32, height: 24 };
const recipe = tinyRecipe();
const photo = toPlanes(waves(3, SIZE.width, SIZE.height));
let objective: Objective;

beforeEach(async () => {
  const targets = await styleTargets(waves(11, 40, 36), tinyLossNetwork(), recipe, open);
  objective = await Objective.create(SIZE, targets, tinyLossNetwork(), objectiveOf(recipe), open);
});

afterEach(() => objective.close());

describe('the optimisation baseline', () => {
  it('lowers the objective far below that of the noise it starts from, by the score of the same graph', async () => {
    const values: number[] = [];
    const painting = await objective.optimise(
      photo,
      { ...BASELINE, iterations: 40 },
      {
        onEvaluation: (_, __, value) => values.push(value),
      },
    );
    const scored = await objective.score(painting, photo);
    expect(scored.objective).toBe(Math.min(...values));
    expect(scored.objective).toBeLessThan(0.1 * (values[0] ?? 0));
    expect(scored.objective).toBeCloseTo(scored.feature + scored.style + scored.totalVariation, -1);
  });

  it('counts one iteration for each evaluation of loss and gradient', async () => {
    for (const iterations of [1, 5, 13]) {
      const counts: number[] = [];
      await objective.optimise(
        photo,
        { ...BASELINE, iterations },
        { onEvaluation: (count) => counts.push(count) },
      );
      expect(counts).toEqual(Array.from({ length: iterations }, (_, index) => index + 1));
    }
  });

  it('ends after the evaluation at hand where it is stopped, with the best painting so far', async () => {
    const controller = new AbortController();
    const values: number[] = [];
    const painting = await objective.optimise(
      photo,
      { ...BASELINE, iterations: 1e6 },
      {
        onEvaluation: (count, _, value) => {
          values.push(value);
          if (count === 7) controller.abort();
        },
        signal: controller.signal,
      },
    );
    expect(values.length).toBe(7);
    expect((await objective.score(painting, photo)).objective).toBe(Math.min(...values));
  });

  it('comes no lower with fewer iterations', async () => {
    const reached = async (iterations: number): Promise<number> => {
      const painting = await objective.optimise(photo, { ...BASELINE, iterations });
      return (await objective.score(painting, photo)).objective;
    };
    const [few, more, most] = [await reached(3), await reached(12), await reached(48)];
    expect(more).toBeLessThan(few);
    expect(most).toBeLessThan(more);
  });

  it('starts from Gaussian noise of the seed, around 127.5, and gives the same for the same seed', async () => {
    const first = async (seed: number): Promise<Float32Array> => {
      let start = new Float32Array(0);
      await objective.optimise(
        photo,
        { ...BASELINE, seed, iterations: 1 },
        {
          onEvaluation: (_, painting) => {
            start = Float32Array.from(painting);
          },
        },
      );
      return start;
    };
    const noise = await first(1);
    const mean = noise.reduce((sum, value) => sum + value) / noise.length;
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length);
    // 2,304 draws: five standard errors are 5.2 for the mean, 3.7 for the deviation.
    expect(Math.abs(mean - 127.5)).toBeLessThan(5.2);
    expect(Math.abs(deviation - BASELINE.noise)).toBeLessThan(3.7);
    expect(await first(2)).not.toEqual(noise);

    const settings = { ...BASELINE, iterations: 10 };
    const [once, again] = [
      await objective.optimise(photo, settings),
      await objective.optimise(photo, settings),
    ];
    expect(Buffer.from(again.buffer).equals(Buffer.from(once.buffer))).toBe(true);
  });
});

describe('the score', () => {
  it('is the objective by the paper’s definitions', async () => {
    const painting = toPlanes(waves(8, SIZE.width, SIZE.height));
    const targets = await styleTargets(waves(11, 40, 36), tinyLossNetwork(), recipe, open);
    const asPlanes = (values: Float32Array): plain.Planes => plain.planes(3, SIZE.height, SIZE.width, values);
    const expected = plain.objective(asPlanes(painting), asPlanes(photo), targets, tinyLossNetwork(), recipe);
    const scored = await objective.score(painting, photo);
    for (const term of ['objective', 'feature', 'style', 'totalVariation'] as const)
      expect(scored[term] / expected[term], term).toBeCloseTo(1, 4);
  });

  it('has no feature loss for the photo itself', async () => {
    expect((await objective.score(photo, photo)).feature).toBe(0);
  });
});
