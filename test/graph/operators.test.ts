import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { conv } from '../../src/graph/operators/conv.ts';
import * as elementwise from '../../src/graph/operators/elementwise.ts';
import * as image from '../../src/graph/operators/image.ts';
import { instanceNorm } from '../../src/graph/operators/instance-norm.ts';
import { matmul, swapLast } from '../../src/graph/operators/matmul.ts';
import { meanAll, reduceMean, sumAll } from '../../src/graph/operators/reduce.ts';
import * as shape from '../../src/graph/operators/shape.ts';
import * as reference from './reference.ts';
import { check, distance, distanceAt, type Operator, random, type Values } from './support.ts';

/** Float32 forward values against double precision. */
const FORWARD = 1e-5;
/** Gradients against central differences of float32 values. */
const BACKWARD = 2e-3;
const STEP = 4e-3;
const { at, fill } = reference;

async function holds(operator: Operator, inputs: readonly Values[], expected: Values): Promise<void> {
  const result = await check(operator, inputs, STEP);
  expect(distance(result.y, expected)).toBeLessThan(FORWARD);
  result.gradients.forEach((gradient, index) => {
    const difference = result.differences[index];
    if (!difference) throw new Error(`no difference for input ${index}`);
    expect(distanceAt(gradient, difference), `gradient of input ${index}`).toBeLessThan(BACKWARD);
  });
}

const small = fc.integer({ min: 1, max: 4 });
const side = fc.integer({ min: 3, max: 8 });
const seed = fc.nat(1000);
const runs = { numRuns: 8, seed: 20161008 };

function property<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  body: (...values: T) => Promise<void>,
  numRuns: number = runs.numRuns,
): Promise<void> {
  return fc.assert(fc.asyncProperty(...arbitraries, body), { ...runs, numRuns });
}

describe('elementwise operators', () => {
  const binary: readonly [string, Operator, (a: number, b: number) => number][] = [
    ['add', (a, b) => elementwise.add(a, b), (a, b) => a + b],
    ['sub', (a, b) => elementwise.sub(a, b), (a, b) => a - b],
    ['mul', (a, b) => elementwise.mul(a, b), (a, b) => a * b],
    ['div', (a, b) => elementwise.div(a, elementwise.shift(b, 3)), (a, b) => a / (b + 3)],
  ];

  it.each(binary)('%s, broadcasting either side', async (_, operator, plain) => {
    await property(
      [small, small, fc.constantFrom('none', 'left', 'right', 'rank'), seed],
      async (m, n, kind, s) => {
        const a = random(kind === 'left' ? [1, n] : [m, n], s);
        const b = random(kind === 'right' ? [m, 1] : kind === 'rank' ? [n] : [m, n], s + 1);
        const expected = fill([m, n], ([i = 0, j = 0]) =>
          plain(
            at(a, [kind === 'left' ? 0 : i, j]),
            at(b, kind === 'rank' ? [j] : [i, kind === 'right' ? 0 : j]),
          ),
        );
        await holds(operator, [a, b], expected);
      },
    );
  });

  const unary: readonly [string, Operator, (x: number) => number][] = [
    ['relu', (x) => elementwise.relu(x), (x) => Math.max(x, 0)],
    ['tanh', (x) => elementwise.tanh(x), Math.tanh],
    ['sqrt', (x) => elementwise.sqrt(elementwise.shift(x, 2)), (x) => Math.sqrt(x + 2)],
    ['scale', (x) => elementwise.scale(x, -2.5), (x) => -2.5 * x],
  ];

  it.each(unary)('%s', async (_, operator, plain) => {
    await property([small, side, seed], async (m, n, s) => {
      const x = random([m, n], s);
      await holds(operator, [x], { dims: x.dims, data: x.data.map(plain) });
    });
  });

  it('where takes one side or the other', async () => {
    await property([small, side, seed], async (m, n, s) => {
      const [a, b] = [random([m, n], s), random([n], s + 1)];
      const operator: Operator = (x, y) =>
        elementwise.where(elementwise.greater(x, x.graph.scalar(0.137)), x, y);
      await holds(
        operator,
        [a, b],
        fill([m, n], ([i = 0, j = 0]) => (at(a, [i, j]) > 0.137 ? at(a, [i, j]) : at(b, [j]))),
      );
    });
  });
});

describe('cropLike', () => {
  it('takes the top left part of the size that another tensor has at run time', async () => {
    const graph = new Graph();
    const [x, like] = ['x', 'like'].map((name) => graph.input(name, [1, 1, 'dynamic', 'dynamic']));
    if (!x || !like) throw new Error('expected two inputs');
    const session = await InferenceSession.create(toModel(graph, { y: image.cropLike(x, like) }));
    const feed = (height: number, width: number): Tensor =>
      new Tensor(
        'float32',
        Float32Array.from({ length: height * width }, (_, at) => at),
        [1, 1, height, width],
      );
    for (const [height, width] of [
      [1, 1],
      [3, 4],
      [5, 7],
    ] as const) {
      const { y } = await session.run({ x: feed(5, 7), like: feed(height, width) });
      expect(y?.dims).toEqual([1, 1, height, width]);
      const expected = fill([height, width], ([row = 0, column = 0]) => 7 * row + column);
      expect(Array.from(y?.data as Float32Array)).toEqual(Array.from(expected.data));
    }
    await session.release();
  });
});

describe('shape operators', () => {
  it('slice with any start, end and step', async () => {
    await property(
      [small, fc.integer({ min: 2, max: 9 }), fc.nat(8), fc.nat(8), small, seed],
      async (m, n, first, length, step, s) => {
        const start = first % n;
        const end = start + 1 + (length % (n - start));
        const x = random([m, n], s);
        const count = Math.ceil((end - start) / step);
        const expected = fill([m, count], ([i = 0, j = 0]) => at(x, [i, start + j * step]));
        await holds((t) => shape.slice(t, 1, start, end, step), [x], expected);
      },
    );
  });

  it('concat, transpose and reshape', async () => {
    await property([small, small, small, seed], async (m, n, p, s) => {
      const [a, b] = [random([m, n, 2], s), random([m, p, 2], s + 1)];
      const operator: Operator = (x, y) =>
        shape.reshape(shape.transpose(shape.concat([x, y], 1), [2, 0, 1]), [2 * m, n + p]);
      const expected = fill([2 * m, n + p], ([row = 0, j = 0]) => {
        const [k, i] = [Math.floor(row / m), row % m];
        return j < n ? at(a, [i, j, k]) : at(b, [i, j - n, k]);
      });
      await holds(operator, [a, b], expected);
    });
  });

  it('pad, dilate and expand', async () => {
    await property([small, small, fc.nat(2), fc.nat(2), seed], async (m, n, before, after, s) => {
      const x = random([1, m, n], s);
      const operator: Operator = (t) =>
        shape.expand(shape.dilate(shape.pad(t, [{ axis: 1, before, after }]), 2, 3), [
          2,
          m + before + after,
          3 * n,
        ]);
      const expected = fill([2, m + before + after, 3 * n], ([, i = 0, j = 0]) =>
        i >= before && i < before + m && j % 3 === 0 ? at(x, [0, i - before, j / 3]) : 0,
      );
      await holds(operator, [x], expected);
    });
  });

  it('reductions', async () => {
    await property([small, small, small, seed], async (m, n, p, s) => {
      const x = random([m, n, p], s);
      const total = x.data.reduce((sum, entry) => sum + entry, 0);
      await holds(
        (t) => elementwise.shift(sumAll(t), 5),
        [x],
        fill([], () => total + 5),
      );
      await holds(
        (t) => elementwise.shift(meanAll(t), 5),
        [x],
        fill([], () => total / (m * n * p) + 5),
      );
      const mean = fill([m, 1, p], ([i = 0, , k = 0]) => {
        const entries = Array.from({ length: n }, (_, j) => at(x, [i, j, k]));
        return 5 + entries.reduce((sum, entry) => sum + entry, 0) / n;
      });
      await holds((t) => elementwise.shift(reduceMean(t, [1]), 5), [x], mean);
    });
  });

  it('gather puts entries in another order', async () => {
    const x = random([2, 3], 1);
    const { y } = await check((t) => elementwise.add(shape.gather(t, 1, [2, 1, 0]), t), [x], STEP);
    expect(
      distance(
        y,
        fill([2, 3], ([i = 0, j = 0]) => at(x, [i, 2 - j]) + at(x, [i, j])),
      ),
    ).toBeLessThan(FORWARD);
  });
});

describe('matmul', () => {
  it('multiplies batches, also a transposed side', async () => {
    await property([small, small, small, small, seed], async (b, m, k, n, s) => {
      const [x, y] = [random([b, m, k], s), random([b, k, n], s + 1)];
      await holds((left, right) => matmul(left, right), [x, y], reference.matmul(x, y));
      const turned = fill([b, n, k], ([i = 0, j = 0, l = 0]) => at(y, [i, l, j]));
      await holds((left, right) => matmul(left, swapLast(right)), [x, turned], reference.matmul(x, y));
    });
  });
});

describe('conv', () => {
  const channels = fc.integer({ min: 1, max: 6 });
  const kernel = fc.constantFrom(1, 2, 3, 5);

  it('over random shapes, strides, paddings and bias', async () => {
    await property(
      [
        fc.tuple(fc.constantFrom(1, 2), channels, channels),
        fc.tuple(side, side),
        kernel,
        fc.constantFrom(1, 2, 3),
        fc.nat(3),
        fc.boolean(),
      ],
      async ([n, ci, co], [h, w], k, stride, padding, biased) => {
        fc.pre(padding < Math.max(k, 2) && h + 2 * padding >= k && w + 2 * padding >= k);
        const x = random([n, ci, h, w], h);
        const weight = random([co, ci, k, k], w);
        const bias = random([co], k);
        const expected = reference.conv(x, weight, biased ? bias : undefined, stride, padding);
        const operator: Operator = (a, b, c) => conv(a, b, { stride, padding, ...(c ? { bias: c } : {}) });
        await holds(operator, biased ? [x, weight, bias] : [x, weight], expected);
      },
      30,
    );
  });

  it('through a frozen kernel', async () => {
    await property([channels, channels, side, seed], async (ci, co, h, s) => {
      const x = random([2, ci, h, h + 1], s);
      const weight = random([co, ci, 3, 3], s + 1);
      const operator: Operator = (t) => conv(t, t.graph.constant(weight.data, weight.dims), { padding: 1 });
      await holds(operator, [x], reference.conv(x, weight, undefined, 1, 1));
    });
  });

  it('refuses a kernel that does not fit', async () => {
    const x = random([1, 2, 4, 4], 1);
    await expect(check((a, b) => conv(a, b), [x, random([1, 3, 3, 3], 2)], STEP)).rejects.toThrow(
      'does not fit',
    );
    await expect(check((a, b) => conv(a, b), [x, random([1, 2, 5, 5], 2)], STEP)).rejects.toThrow(
      'does not fit',
    );
  });
});

describe('image operators', () => {
  it('upsample, and both pools on even and odd sides', async () => {
    await property(
      [small, fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 7 }), seed],
      async (c, h, w, s) => {
        const x = random([1, c, h, w], s);
        const enlarged = fill([1, c, 2 * h, 2 * w], ([, i = 0, y = 0, z = 0]) =>
          at(x, [0, i, y >> 1, z >> 1]),
        );
        await holds((t) => image.upsample(t), [x], enlarged);
        await holds(
          (t) => image.maxPool(t),
          [x],
          reference.pool(x, (block) => Math.max(...block)),
        );
        const mean = reference.pool(x, (block) => block.reduce((sum, entry) => sum + entry, 0) / 4);
        await holds((t) => image.averagePool(t), [x], mean);
      },
    );
  });

  it('reflectPad', async () => {
    await property(
      [small, fc.integer({ min: 1, max: 3 }), fc.nat(3), fc.nat(3), seed],
      async (c, amount, h, w, s) => {
        const x = random([1, c, 2 * amount + 3 + h, 2 * amount + 3 + w], s);
        await holds((t) => image.reflectPad(t, amount), [x], reference.reflectPad(x, amount));
      },
    );
  });

  it('instanceNorm', async () => {
    await property([small, small, side, side, seed], async (n, c, h, w, s) => {
      const [x, gain, offset] = [random([n, c, h, w], s), random([c], s + 1), random([c], s + 2)];
      const operator: Operator = (a, b, d) => instanceNorm(a, b, d);
      await holds(operator, [x, gain, offset], reference.instanceNorm(x, gain, offset));
    });
  });
});
