import * as ort from 'onnxruntime-node';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, staticDims, type Tensor } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { mul } from '../../src/graph/operators/elementwise.ts';
import { sumAll } from '../../src/graph/operators/reduce.ts';

/** A plain array with a shape: what the independent computations work on. */
export interface Values {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export function count(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Run a model once on the CPU. */
export async function run(
  model: Uint8Array,
  feeds: Readonly<Record<string, Values>>,
): Promise<Record<string, Values>> {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const tensors = Object.entries(feeds).map(([name, { dims, data }]) => [
      name,
      new ort.Tensor('float32', data, dims),
    ]);
    const results = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [
        name,
        { dims, data: Float32Array.from(data as Float32Array) },
      ]),
    );
  } finally {
    await session.release();
  }
}

export type Operator = (...inputs: Tensor[]) => Tensor;

/** A slope by central differences at one entry. */
export interface Sample {
  readonly entry: number;
  readonly slope: number;
}

/** The operator's value, its gradients under a random upstream gradient, and what central differences say. */
export async function check(
  operator: Operator,
  inputs: readonly Values[],
  step: number,
): Promise<{ y: Values; gradients: readonly Values[]; differences: readonly (readonly Sample[])[] }> {
  const graph = new Graph();
  const tensors = inputs.map(({ dims }, index) => graph.input(`x${index}`, dims));
  const y = operator(...tensors);
  const upstream = random(staticDims(y), 7);
  const loss = sumAll(mul(y, graph.constant(upstream.data, upstream.dims)));
  const slopes = gradients(loss, tensors);
  const outputs = Object.fromEntries(slopes.map((slope, index) => [`g${index}`, slope]));
  const feeds = Object.fromEntries(inputs.map((input, index) => [`x${index}`, input]));
  const result = await run(toModel(graph, { y, ...outputs }), feeds);

  const forward = await ort.InferenceSession.create(toModel(graph, { y }), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const lossAt = async (values: readonly Values[]): Promise<number> => {
    const at = values.map(({ dims, data }, index) => [`x${index}`, new ort.Tensor('float32', data, dims)]);
    const { y: value } = await forward.run(Object.fromEntries(at));
    const data = value?.data as Float32Array;
    return data.reduce((sum, entry, index) => sum + entry * (upstream.data[index] ?? 0), 0);
  };
  const differences: Sample[][] = [];
  for (const [index, input] of inputs.entries()) {
    const samples: Sample[] = [];
    for (const entry of chosen(input.data.length)) {
      const moved = (amount: number): Values[] =>
        inputs.with(index, { dims: input.dims, data: nudge(input.data, entry, amount) });
      samples.push({
        entry,
        slope: ((await lossAt(moved(step))) - (await lossAt(moved(-step)))) / (2 * step),
      });
    }
    differences.push(samples);
  }
  await forward.release();
  const at = (name: string): Values => result[name] ?? { dims: [], data: new Float32Array(0) };
  return { y: at('y'), gradients: slopes.map((_, index) => at(`g${index}`)), differences };
}

/** Seeded values in [−1, 1], no two nearer than 1e-3 up to a thousand of them (kinks stay away from finite differences). */
export function random(dims: readonly number[], seed: number): Values {
  const size = count(dims);
  let state = seed * 2654435761 + 1;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const levels = Array.from({ length: size }, (_, index) => ((index + 0.25) / size) * 2 - 1);
  for (let index = size - 1; index > 0; index--) {
    const other = Math.floor(draw() * (index + 1));
    [levels[index], levels[other]] = [levels[other] ?? 0, levels[index] ?? 0];
  }
  return { dims, data: Float32Array.from(levels) };
}

function nudge(data: Float32Array, entry: number, amount: number): Float32Array {
  const moved = Float32Array.from(data);
  moved[entry] = (moved[entry] ?? 0) + amount;
  return moved;
}

/** The largest difference relative to the largest value. */
export function distance(a: Values, b: Values): number {
  if (a.dims.join() !== b.dims.join()) return Number.POSITIVE_INFINITY;
  const size = b.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 1e-6);
  return (
    a.data.reduce((most, entry, index) => Math.max(most, Math.abs(entry - (b.data[index] ?? 0))), 0) / size
  );
}

/** The largest difference at the sampled entries relative to the gradient's largest value. */
export function distanceAt(gradient: Values, samples: readonly Sample[]): number {
  const size = gradient.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 1e-6);
  return (
    samples.reduce(
      (most, { entry, slope }) => Math.max(most, Math.abs(slope - (gradient.data[entry] ?? Number.NaN))),
      0,
    ) / size
  );
}

/** At most sixteen entries of a tensor, spread over it. */
function chosen(length: number): number[] {
  const stride = Math.max(1, length / 16);
  return [...new Set(Array.from({ length: Math.min(16, length) }, (_, index) => Math.floor(index * stride)))];
}
