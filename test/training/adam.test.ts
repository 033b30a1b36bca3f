import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { adamStep, biasCorrection } from '../../src/training/adam.ts';
import { rateAt } from '../../src/training/rate.ts';
import { random, run, type Values } from '../graph/support.ts';

/**
 * Kingma and Ba's algorithm 1 in double precision: both running means corrected for having begun at zero. Epsilon is
 * that of the order of computation which the end of their section 2 proposes: it joins the uncorrected root.
 */
function plainAdam(start: Float32Array, gradients: readonly Float32Array[], rate: number): Float64Array {
  const [mean, square] = [new Float64Array(start.length), new Float64Array(start.length)];
  const parameter = Float64Array.from(start);
  gradients.forEach((gradient, index) => {
    const step = index + 1;
    gradient.forEach((slope, entry) => {
      mean[entry] = 0.9 * (mean[entry] ?? 0) + 0.1 * slope;
      square[entry] = 0.999 * (square[entry] ?? 0) + 0.001 * slope ** 2;
      const correctedMean = (mean[entry] ?? 0) / (1 - 0.9 ** step);
      const correctedSquare = (square[entry] ?? 0) / (1 - 0.999 ** step);
      const epsilon = 1e-8 / Math.sqrt(1 - 0.999 ** step);
      parameter[entry] =
        (parameter[entry] ?? 0) - (rate * correctedMean) / (Math.sqrt(correctedSquare) + epsilon);
    });
  });
  return parameter;
}

async function graphAdam(start: Values, gradients: readonly Values[], rate: number): Promise<Values> {
  const graph = new Graph();
  const input = (name: string): ReturnType<Graph['input']> => graph.input(name, start.dims);
  const next = adamStep(
    { parameter: input('parameter'), mean: input('mean'), square: input('square') },
    input('gradient'),
    graph.input('rate', []),
  );
  const model = toModel(graph, {
    nextParameter: next.parameter,
    nextMean: next.mean,
    nextSquare: next.square,
  });
  const zeros = (): Values => ({ dims: start.dims, data: new Float32Array(start.data.length) });
  let state = { parameter: start, mean: zeros(), square: zeros() };
  for (const [index, gradient] of gradients.entries()) {
    const corrected = { dims: [], data: Float32Array.of(rate * biasCorrection(index + 1)) };
    const result = await run(model, { ...state, gradient, rate: corrected });
    const { nextParameter, nextMean, nextSquare } = result;
    if (!nextParameter || !nextMean || !nextSquare) throw new Error('the step gives three tensors');
    state = { parameter: nextParameter, mean: nextMean, square: nextSquare };
  }
  return state.parameter;
}

function scaled({ dims, data }: Values, factor: number): Values {
  return { dims, data: data.map((value) => value * factor) };
}

describe('Adam', () => {
  it('moves as the paper’s algorithm does over several steps, whatever the size of the gradients', async () => {
    const sizes = fc.integer({ min: -4, max: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.tuple(fc.nat(1000), sizes), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(1e-4, 1e-3, 1e-1),
        async (rows, seeds, rate) => {
          const start = random([rows, 3], 1);
          const gradients = seeds.map(([seed, size]) => scaled(random([rows, 3], seed), 10 ** size));
          const plain = plainAdam(
            start.data,
            gradients.map(({ data }) => data),
            rate,
          );
          const { data } = await graphAdam(start, gradients, rate);
          data.forEach((value, entry) => {
            // A parameter of about 1 is rounded to 2⁻²⁴ at each step, and a move of about the rate to some of those.
            const tolerance = gradients.length * (2 ** -23 + 1e-5 * rate);
            expect(Math.abs(value - (plain[entry] ?? Number.NaN))).toBeLessThan(tolerance);
          });
        },
      ),
      { numRuns: 20, seed: 20141222 },
    );
  });
});

describe('the rate', () => {
  const of = (schedule: 'constant' | 'cosine', step: number): number =>
    rateAt({ rate: 1e-3, schedule, iterations: 1000 }, step);

  it('stays where it is by the constant schedule', () => {
    expect([1, 2, 500, 1000, 5000].map((step) => of('constant', step))).toEqual(Array(5).fill(1e-3));
  });

  it('falls along half a cosine to a hundredth by the cosine schedule', () => {
    expect(of('cosine', 1)).toBeCloseTo(1e-3, 12);
    expect(of('cosine', 501)).toBeCloseTo(0.505e-3, 12);
    expect(of('cosine', 251)).toBeCloseTo(1e-3 * (0.01 + 0.99 * (0.5 + Math.SQRT1_2 / 2)), 12);
    expect(of('cosine', 1001)).toBeCloseTo(1e-5, 12);
    const rates = Array.from({ length: 1000 }, (_, index) => of('cosine', index + 1));
    rates.reduce((before, rate) => {
      expect(rate).toBeLessThan(before);
      return rate;
    });
  });

  it('stays at a hundredth where a training goes on beyond its iterations', () => {
    expect(of('cosine', 4000)).toBeCloseTo(1e-5, 12);
  });
});
