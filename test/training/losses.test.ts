import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import { LossNetwork } from '../../src/training/features.ts';
import { alongChannels, gram, meanSquaredError, totalVariation } from '../../src/training/losses.ts';
import { addObjective, type StyleTargets, styleTargetModel } from '../../src/training/objective.ts';
import { objectiveOf } from '../../src/training/recipe.ts';
import { check, distance, distanceAt, random, run, type Values } from '../graph/support.ts';
import * as plain from './plain-objective.ts';
import { tinyLossNetwork, tinyRecipe, waves } from './support.ts';

/** Sums of some thousand float32 products against double precision: a few units of 2⁻²⁴, added up. */
const FORWARD = 1e-5;
/** Float32 gradients against central differences of float32 values, as for the operators. */
const LOSS_BACKWARD = 2e-3;
const LOSS_STEP = 4e-3;
/**
 * Float32 gradients through ten layers against central differences in double precision. The step, in units of
 * 0–255, is far below what carries an activation across a ReLU's kink, and its own error is 1e-6.
 */
const OBJECTIVE_BACKWARD = 5e-4;
const OBJECTIVE_STEP = 1e-4;

const runs = { numRuns: 8, seed: 20161008 };
const small = fc.integer({ min: 1, max: 4 });
const side = fc.integer({ min: 2, max: 9 });
const seed = fc.nat(1000);

/** Pictures of a batch, each as planes of its own. */
function pictures({ dims, data }: Values): plain.Planes[] {
  const [n = 0, c = 0, h = 0, w = 0] = dims;
  return Array.from({ length: n }, (_, index) =>
    plain.planes(c, h, w, data.subarray(index * c * h * w, (index + 1) * c * h * w)),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function scalar(value: number): Values {
  return { dims: [], data: Float32Array.of(value) };
}

async function holds(
  operator: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Values[],
  expected: Values,
): Promise<void> {
  const result = await check(operator, inputs, LOSS_STEP);
  expect(distance(result.y, expected)).toBeLessThan(FORWARD);
  expect(result.gradients.length).toBe(inputs.length);
  result.gradients.forEach((gradient, index) => {
    expect(distanceAt(gradient, result.differences[index] ?? [])).toBeLessThan(LOSS_BACKWARD);
  });
}

describe('the terms', () => {
  it('mean squared error is equation 2, averaged over the batch', async () => {
    await fc.assert(
      fc.asyncProperty(small, small, side, side, seed, async (n, c, h, w, s) => {
        const [a, b] = [random([n, c, h, w], s), random([n, c, h, w], s + 1)];
        const others = pictures(b);
        const each = pictures(a).map((picture, index) =>
          plain.featureLoss(picture, others[index] ?? picture),
        );
        await holds((x, y) => meanSquaredError(x, y), [a, b], scalar(mean(each)));
      }),
      runs,
    );
  });

  it('the Gram matrix is equation 3, for each picture of the batch', async () => {
    await fc.assert(
      fc.asyncProperty(small, small, side, side, seed, async (n, c, h, w, s) => {
        const x = random([n, c, h, w], s);
        const data = pictures(x).flatMap((picture) => [...plain.gram(picture)]);
        await holds((features) => gram(features), [x], { dims: [n, c, c], data: Float32Array.from(data) });
      }),
      runs,
    );
  });

  it('normalised features have the length 1 at each place, whatever theirs was', async () => {
    await fc.assert(
      fc.asyncProperty(small, side, side, seed, async (n, h, w, s) => {
        const drawn = random([n, 3, h, w], s);
        // Well away from nothing, where the slope is steep.
        const x = { ...drawn, data: drawn.data.map((value) => value + 3) };
        const data = pictures(x).flatMap(({ values }) => {
          const length = (place: number): number =>
            Math.hypot(...[0, 1, 2].map((channel) => values[channel * h * w + place] ?? 0));
          return [...values].map((value, at) => value / length(at % (h * w)));
        });
        await holds((features) => alongChannels(features), [x], {
          dims: x.dims,
          data: Float32Array.from(data),
        });
      }),
      runs,
    );
  });

  it('normalised features stay nothing where there are none, and so does their gradient', async () => {
    const graph = new Graph();
    const x = graph.input('x', [1, 2, 1, 1]);
    const loss = meanSquaredError(alongChannels(x), graph.constant(Float32Array.of(1, 0), [1, 2, 1, 1]));
    const [slope] = gradients(loss, [x]);
    if (!slope) throw new Error('there is a gradient');
    const nothing = { dims: [1, 2, 1, 1], data: new Float32Array(2) };
    const { y } = await run(toModel(graph, { y: slope }), { x: nothing });
    expect([...(y?.data ?? [])].every(Number.isFinite)).toBe(true);
  });

  it('total variation is that of each picture, averaged over the batch', async () => {
    await fc.assert(
      fc.asyncProperty(small, small, side, side, seed, async (n, c, h, w, s) => {
        const x = random([n, c, h, w], s);
        await holds(
          (image) => totalVariation(image),
          [x],
          scalar(mean(pictures(x).map(plain.totalVariation))),
        );
      }),
      runs,
    );
  });

  it('total variation is nothing for a flat picture, and a step counts in one direction only', () => {
    expect(plain.totalVariation(plain.planes(3, 4, 5, new Float64Array(60).fill(9)))).toBe(0);
    expect(plain.totalVariation(plain.planes(1, 2, 2, [0, 1, 0, 1]))).toBe(1);
  });
});

const recipes = fc.record({
  pooling: fc.constantFrom('max' as const, 'average' as const),
  contentLayer: fc.constantFrom('relu2_2', 'relu3_3'),
  contentWeight: fc.double({ min: 0.5, max: 2, noNaN: true }),
  styleLayers: fc.constantFrom(['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3'], ['relu2_1'], ['relu4_1']),
  styleWeight: fc.double({ min: 1e-3, max: 1e-2, noNaN: true }),
  totalVariationWeight: fc.double({ min: 0.1, max: 2, noNaN: true }),
});

/** Gram matrices of some picture of another size than the photos. */
function targetsOf(recipe: ReturnType<typeof tinyRecipe>, number: number): StyleTargets {
  const artwork = plain.planes(3, 20, 28, toPlanes(waves(number, 28, 20)));
  const features = plain.features(tinyLossNetwork(), artwork, recipe.pooling);
  return new Map(
    recipe.styleLayers.map((layer) => {
      const data = Float32Array.from(plain.gram(features.get(layer) ?? artwork));
      const channels = Math.sqrt(data.length);
      return [layer, { dims: [1, channels, channels], data }];
    }),
  );
}

describe('the objective', () => {
  it('is the weighted sum of its terms by the paper’s definitions, with their gradient in the picture', async () => {
    await fc.assert(
      fc.asyncProperty(
        recipes,
        fc.integer({ min: 16, max: 21 }),
        fc.integer({ min: 16, max: 21 }),
        seed,
        async (given, h, w, s) => {
          const recipe = tinyRecipe(given);
          const targets = targetsOf(recipe, s);
          const painting = { dims: [1, 3, h, w], data: toPlanes(waves(s + 1, w, h)) };
          const photo = { dims: [1, 3, h, w], data: toPlanes(waves(s + 2, w, h)) };
          const graph = new Graph();
          const input = graph.input('painting', painting.dims);
          const losses = addObjective(
            input,
            graph.input('photo', photo.dims),
            targets,
            tinyLossNetwork(),
            objectiveOf(recipe),
          );
          const [gradient] = gradients(losses.objective, [input]);
          if (!gradient) throw new Error('the painting has no gradient');
          const result = await run(toModel(graph, { ...losses, gradient }), { painting, photo });

          const at = (values: Float32Array | Float64Array): ReturnType<typeof plain.objective> =>
            plain.objective(
              plain.planes(3, h, w, values),
              plain.planes(3, h, w, photo.data),
              targets,
              tinyLossNetwork(),
              recipe,
            );
          const expected = at(painting.data);
          for (const term of ['objective', 'feature', 'style', 'totalVariation'] as const) {
            expect(expected[term], term).toBeGreaterThan(0);
            expect(distance(result[term] ?? scalar(Number.NaN), scalar(expected[term])), term).toBeLessThan(
              FORWARD,
            );
          }
          const samples = Array.from({ length: 16 }, (_, index) => {
            const entry = Math.floor(((index + 0.5) / 16) * painting.data.length);
            const moved = (amount: number): number => {
              const values = Float64Array.from(painting.data);
              values[entry] = (values[entry] ?? 0) + amount;
              return at(values).objective;
            };
            return {
              entry,
              slope: (moved(OBJECTIVE_STEP) - moved(-OBJECTIVE_STEP)) / (2 * OBJECTIVE_STEP),
            };
          });
          expect(samples.some(({ slope }) => slope !== 0)).toBe(true);
          expect(distanceAt(result.gradient ?? painting, samples)).toBeLessThan(OBJECTIVE_BACKWARD);
        },
      ),
      { ...runs, numRuns: 12 },
    );
  }, 120_000);

  it('takes the artwork’s Gram matrices by the same definitions', async () => {
    for (const pooling of ['max', 'average'] as const) {
      const recipe = tinyRecipe({ pooling });
      const artwork = { dims: [1, 3, 20, 28] as const, data: toPlanes(waves(5, 28, 20)) };
      const result = await run(styleTargetModel([1, 3, 20, 28], tinyLossNetwork(), recipe), { artwork });
      for (const [layer, expected] of targetsOf(recipe, 5)) {
        expect(distance(result[layer] ?? expected, expected), layer).toBeLessThan(FORWARD);
        expect(result[layer]?.dims).toEqual(expected.dims);
      }
      expect(Object.keys(result).sort()).toEqual([...recipe.styleLayers].sort());
    }
  });

  it('names a layer that the loss network does not have', () => {
    const image = new Graph().input('image', [1, 3, 16, 16]);
    const phi = new LossNetwork(tinyLossNetwork());
    expect(() => phi.features(image, ['relu1_2', 'relu5_1'])).toThrow('relu5_1');
  });
});
