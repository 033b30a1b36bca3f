import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { batchNorm, channelStatistics } from '../../src/graph/operators/batch-norm.ts';
import { bicubic } from '../../src/graph/operators/bicubic.ts';
import { conv } from '../../src/graph/operators/conv.ts';
import { depthToSpace, spaceToDepth, upsample } from '../../src/graph/operators/image.ts';
import { convOfPhases, enlargedPhases } from '../../src/graph/operators/phases.ts';
import { slice } from '../../src/graph/operators/shape.ts';
import { resizeBicubic } from '../../src/images/bicubic.ts';
import { fromPlanes, toPlanes } from '../../src/inference/planes.ts';
import { seeded } from '../inference/support.ts';
import { at, fill } from './reference.ts';
import { check, distance, distanceAt, type Operator, random, run, type Values } from './support.ts';

const FORWARD = 1e-5;
const BACKWARD = 2e-3;
const STEP = 4e-3;
const seed = fc.nat(1000);
const side = fc.integer({ min: 2, max: 6 });

/** Both give the same values, and the first one's gradients are those of finite differences. */
async function same(operator: Operator, plain: Operator, inputs: readonly Values[]): Promise<void> {
  const [result, expected] = await Promise.all([check(operator, inputs, STEP), check(plain, inputs, STEP)]);
  expect(distance(result.y, expected.y)).toBeLessThan(FORWARD);
  result.gradients.forEach((gradient, index) => {
    expect(distance(gradient, expected.gradients[index] ?? gradient), `gradient ${index}`).toBeLessThan(1e-4);
    expect(distanceAt(gradient, result.differences[index] ?? []), `slope ${index}`).toBeLessThan(BACKWARD);
  });
}

describe('depthToSpace and spaceToDepth', () => {
  it('put channels where pixels were, and back, by the definition', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(2, 3),
        fc.constantFrom(1, 2, 3),
        side,
        side,
        seed,
        async (b, c, h, w, s) => {
          const x = random([2, b * b * c, h, w], s);
          const spread = fill([2, c, b * h, b * w], ([n = 0, channel = 0, y = 0, z = 0]) =>
            at(x, [n, ((y % b) * b + (z % b)) * c + channel, Math.floor(y / b), Math.floor(z / b)]),
          );
          const there = await check((t) => depthToSpace(t, b), [x], STEP);
          expect(there.y).toEqual(spread);
          const back = await check((t) => spaceToDepth(t, b), [spread], STEP);
          expect(back.y).toEqual(x);
          for (const { gradients, differences } of [there, back])
            expect(distanceAt(gradients[0] ?? x, differences[0] ?? [])).toBeLessThan(BACKWARD);
        },
      ),
      { numRuns: 6, seed: 3 },
    );
  });
});

describe('a convolution with other paddings on each side', () => {
  it('is part of one with the same on all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom([2, 1], [3, 2]),
        fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1), fc.nat(1)),
        fc.tuple(fc.constantFrom(1, 5, 6), fc.constantFrom(1, 5)),
        fc.tuple(side, side),
        seed,
        async ([k = 2, most = 1], [top, left, bottom, right], [ci, co], [h, w], s) => {
          const plain: Operator = (x, weight) => {
            const all = conv(x, weight, { padding: most });
            const [, , rows = 0, columns = 0] = all.dims.map(Number);
            const inner = slice(all, 2, most - top, rows - (most - bottom));
            return slice(inner, 3, most - left, columns - (most - right));
          };
          const operator: Operator = (x, weight) => conv(x, weight, { padding: [top, left, bottom, right] });
          await same(operator, plain, [random([2, ci, h + 1, w + 1], s), random([co, ci, k, k], s + 1)]);
        },
      ),
      { numRuns: 12, seed: 4 },
    );
  });
});

describe('phases', () => {
  const linear = (y: Tensor): Tensor => y;

  it('of an enlargement and a convolution are those of doing one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 6),
        fc.constantFrom(1, 5),
        side,
        side,
        seed,
        async (ci, co, h, w, s) => {
          const inputs = [random([2, ci, h, w], s), random([co, ci, 3, 3], s + 1), random([co], s + 2)];
          await same(
            (x, weight, bias) =>
              depthToSpace(enlargedPhases(x as Tensor, weight as Tensor, bias as Tensor, linear)),
            (x, weight, bias) =>
              conv(upsample(x as Tensor), weight as Tensor, { padding: 1, bias: bias as Tensor }),
            inputs,
          );
        },
      ),
      { numRuns: 8, seed: 5 },
    );
  });

  it.each([3, 5, 7, 9])('are convolved by a kernel of %i as the pixels are', async (k) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(2, 8),
        fc.constantFrom(1, 2),
        side,
        side,
        seed,
        async (ci, co, h, w, s) => {
          const inputs = [random([2, 4 * ci, h, w], s), random([co, ci, k, k], s + 1), random([co], s + 2)];
          await same(
            (x, weight, bias) => depthToSpace(convOfPhases(x as Tensor, weight as Tensor, bias as Tensor)),
            (x, weight, bias) =>
              conv(depthToSpace(x as Tensor), weight as Tensor, {
                padding: (k - 1) / 2,
                bias: bias as Tensor,
              }),
            inputs,
          );
        },
      ),
      { numRuns: 4, seed: k },
    );
  });
});

describe('batchNorm', () => {
  const values = fc.integer({ min: 2, max: 5 });

  it('takes each channel to its offset and gain by the batch’s own mean and deviation', async () => {
    await fc.assert(
      fc.asyncProperty(values, values, values, values, seed, async (n, c, h, w, s) => {
        const [x, gain, offset] = [random([n, c, h, w], s), random([c], s + 1), random([c], s + 2)];
        const operator: Operator = (a, b, d) =>
          batchNorm(a as Tensor, b as Tensor, d as Tensor, channelStatistics(a as Tensor));
        const result = await check(operator, [x, gain, offset], STEP);
        const moments = Array.from({ length: c }, (_, channel) => {
          const entries = Array.from({ length: n * h * w }, (_, place) =>
            at(x, [Math.floor(place / (h * w)), channel, Math.floor((place % (h * w)) / w), place % w]),
          );
          const mean = entries.reduce((sum, entry) => sum + entry, 0) / entries.length;
          const variance = entries.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / entries.length;
          return { mean, deviation: Math.sqrt(variance + 1e-5) };
        });
        const expected = fill(x.dims, ([b = 0, channel = 0, y = 0, z = 0]) => {
          const { mean, deviation } = moments[channel] ?? { mean: 0, deviation: 1 };
          return (
            ((at(x, [b, channel, y, z]) - mean) / deviation) * at(gain, [channel]) + at(offset, [channel])
          );
        });
        expect(distance(result.y, expected)).toBeLessThan(FORWARD);
        result.gradients.forEach((gradient, index) => {
          expect(distanceAt(gradient, result.differences[index] ?? []), `slope ${index}`).toBeLessThan(
            BACKWARD,
          );
        });
      }),
      { numRuns: 8, seed: 6 },
    );
  });
});

describe('bicubic', () => {
  it.each([2, 4, 8])('enlarges by %i as the resampler of the benchmarks does', async (factor) => {
    const next = seeded(factor);
    const [width, height] = [11, 9];
    // Nothing that overshoots 0–255, which the resampler clips and the graph does not.
    const rgb = Uint8Array.from({ length: 3 * width * height }, () => 70 + 110 * next());
    const graph = new Graph();
    const model = toModel(graph, { y: bicubic(graph.input('x', [1, 3, 'dynamic', 'dynamic']), factor) });
    const { y } = await run(model, {
      x: { dims: [1, 3, height, width], data: toPlanes({ width, height, rgb }) },
    });
    const size = { width: width * factor, height: height * factor };
    const enlarged = fromPlanes(y?.data ?? new Float32Array(), size.width, size.height);
    const expected = resizeBicubic({ width, height, rgb }, size.width, size.height);
    // Both round, the resampler twice; within two small pixels of the border it mirrors where the graph repeats.
    const inner = (place: number): boolean => {
      const [x, z] = [place % size.width, Math.floor(place / size.width)];
      const edge = 2 * factor;
      return x >= edge && z >= edge && x < size.width - edge && z < size.height - edge;
    };
    expected.rgb.forEach((value, index) => {
      if (inner(Math.floor(index / 3)))
        expect(Math.abs(value - (enlarged.rgb[index] ?? 0))).toBeLessThanOrEqual(1);
    });
  });
});
