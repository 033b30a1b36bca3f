import { Tensor } from 'onnxruntime-node';
import { Graph, type Tensor as GraphTensor } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { matmul } from '../../src/graph/operators/matmul.ts';
import { openSession } from '../../src/inference/session.ts';

/** Something that can be run again and again, and how long its quickest run took. */
export interface Subject {
  readonly name: string;
  /** Multiplications and additions that the plain way takes; left out where there is no such count. */
  readonly operations?: number;
  run(): Promise<unknown>;
  seconds: number;
}

/** The side of the matrices, and how often each subject is run. */
const SIDE = 2048;
const ROUNDS = 5;

/** The product of two matrices, both of which vary: what the machine can do at best. */
export async function matrixProduct(threads: number): Promise<Subject & { readonly operations: number }> {
  const graph = new Graph();
  const dims = [SIDE, SIDE];
  const model = toModel(graph, { c: matmul(graph.input('a', dims), graph.input('b', dims)) });
  const session = await openSession(model, { provider: 'cpu', threads });
  const matrix = (): Tensor => new Tensor('float32', noise(SIDE * SIDE), dims);
  const [a, b] = [matrix(), matrix()];
  return {
    name: `the product of two matrices of ${SIDE}²`,
    operations: 2 * SIDE ** 3,
    run: async () => session.run({ a, b }),
    seconds: Number.POSITIVE_INFINITY,
  };
}

/** Run all in turn, so that whatever else the machine does meets all alike; each keeps its best. */
export async function race(subjects: readonly Subject[], rounds: number = ROUNDS): Promise<void> {
  for (const subject of subjects) await subject.run();
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      const began = performance.now();
      await subject.run();
      subject.seconds = Math.min(subject.seconds, (performance.now() - began) / 1000);
    }
  }
}

/** Multiplications and additions of the convolutions that `build` adds for an image of these sides. */
export function operationsOf(
  build: (image: GraphTensor, weights: (name: string, dims: readonly number[]) => GraphTensor) => unknown,
  side: number,
): number {
  const graph = new Graph();
  build(graph.input('image', [1, 3, side, side]), (name, dims) => graph.input(name, dims));
  return graph.operations
    .filter(({ type }) => type === 'Conv')
    .map(({ inputs: [, weight], output }) => 2 * count(output.dims) * count(weight?.dims.slice(1) ?? []))
    .reduce((sum, own) => sum + own, 0);
}

function count(dims: readonly (number | 'dynamic')[]): number {
  return dims.reduce<number>((product, dim) => product * Number(dim), 1);
}

/** A picture of noise, as a network takes it. */
export function noisePicture(side: number): Tensor {
  const data = noise(3 * side * side).map((value) => 127.5 + 127.5 * value);
  return new Tensor('float32', data, [1, 3, side, side]);
}

/** Uniform in [−1, 1). */
export function noise(length: number): Float32Array {
  return Float32Array.from({ length }, () => 2 * Math.random() - 1);
}
