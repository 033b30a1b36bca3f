import { Float16Array } from '@petamoriken/float16';
import { Graph, type Operation, staticDims, type Tensor } from './graph.ts';
import { ELEMENT, toModel } from './model.ts';

/** In what numbers a graph computes. */
export const PRECISIONS = ['float32', 'float16'] as const;

/** One of `PRECISIONS`. */
export type Precision = (typeof PRECISIONS)[number];

/** A graph and its outputs, by the names under which they are written. */
export interface Written {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Computed in half precision whatever they are given: nearly all of a network's time and memory. */
const HALVED = new Set(['Conv', 'Pad', 'Relu']);

/** Computed in half precision where all that they are given is. */
const FOLLOWING = new Set(['Add', 'Concat', 'DepthToSpace', 'Reshape', 'Slice', 'Transpose']);

/** The largest finite number of half precision. */
const LARGEST = 65_504;

/**
 * The same graph with convolutions, and what lies between them, in half precision. Inputs and outputs stay float32, and so
 * do all operations that lose more by it than they gain: normalisations and their statistics, which add up whole
 * channels; tanh, scaling and sums of products, on the way to pixels; whatever is marked `exact`; and whatever has
 * constants too large for it.
 */
export function inHalf({ graph, outputs }: Written): Written {
  const half = new Graph();
  const moved = new Map<Tensor, Tensor>(
    graph.inputs.map((input) => [input, half.input(input.name, input.dims, input.type)]),
  );
  const casts = new Map<Tensor, Tensor>();

  const copied = (tensor: Tensor): Tensor => {
    const known = moved.get(tensor);
    if (known) return known;
    const copy = copyConstant(half, tensor);
    moved.set(tensor, copy);
    return copy;
  };
  const as = (precision: Precision, tensor: Tensor): Tensor => {
    const here = copied(tensor);
    if (here.type === precision || (here.type !== 'float32' && here.type !== 'float16')) return here;
    const known = casts.get(here);
    if (known) return known;
    const made =
      here.constant instanceof Float32Array
        ? half.constant(bitsOf(here.constant), staticDims(here))
        : half.add('Cast', [here], {
            dims: here.dims,
            type: precision,
            attributes: { to: ELEMENT[precision] },
          });
    casts.set(here, made);
    return made;
  };

  for (const operation of graph.operations) {
    const { type, inputs, output, attributes, exact } = operation;
    const precision = runsInHalf(operation, copied) ? 'float16' : 'float32';
    const made = half.add(
      type,
      inputs.map((input) => as(precision, input)),
      { dims: output.dims, type: output.type === 'float32' ? precision : output.type, attributes, exact },
    );
    moved.set(output, made);
  }
  const whole = Object.entries(outputs).map(([name, tensor]) => [name, as('float32', tensor)] as const);
  return { graph: half, outputs: Object.fromEntries(whole) };
}

/** `toModel` in that precision. */
export function toModelIn(precision: Precision, written: Written): Uint8Array {
  const { graph, outputs } = precision === 'float16' ? inHalf(written) : written;
  return toModel(graph, outputs);
}

function runsInHalf({ type, inputs, exact }: Operation, copied: (tensor: Tensor) => Tensor): boolean {
  if (exact || !inputs.every(fits)) return false;
  if (HALVED.has(type)) return true;
  const made = inputs.filter(({ constant, type: element }) => !constant && element === 'float32').map(copied);
  return FOLLOWING.has(type) && made.length > 0 && made.every((input) => input.type === 'float16');
}

function fits({ constant }: Tensor): boolean {
  return !(constant instanceof Float32Array) || constant.every((value) => Math.abs(value) <= LARGEST);
}

function copyConstant(half: Graph, tensor: Tensor): Tensor {
  const { constant, name } = tensor;
  if (constant instanceof BigInt64Array) return half.int64s(Array.from(constant, Number));
  if (constant) return half.constant(constant, staticDims(tensor));
  throw new TypeError(`${name} is used before it is made`);
}

function bitsOf(values: Float32Array): Uint16Array {
  return new Uint16Array(new Float16Array(values).buffer);
}
