import { entryCount } from './values.ts';

/** One axis: its length, or `dynamic` where the length is known only when the graph runs. */
export type Dim = number | 'dynamic';

/** What a tensor's entries are. */
export type ElementType = 'float32' | 'float16' | 'int64' | 'bool';

/** An operation's attribute: whole numbers, a text, or a float, which has to be marked as one. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** The gradient with respect to one input, given the gradient with respect to the output `y`. */
export type GradientRule = (upstream: Tensor, y: Tensor) => Tensor;

/** A value in a graph. Made by `Graph` and by the operators only; knows its own shape. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly dims: readonly Dim[];
  readonly type: ElementType;
  /** The values, where they are part of the graph; of float16 their bits. */
  readonly constant?: Float32Array | Uint16Array | BigInt64Array;
}

/** One operation of a graph. */
export interface Operation {
  readonly type: string;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Kept in float32 where the graph is written in half precision. */
  readonly exact: boolean;
  /** One per input, in order; undefined where no gradient flows. */
  readonly gradients: readonly (GradientRule | undefined)[];
}

/** What an operation gives, and how. */
export interface OperationInit {
  readonly dims: readonly Dim[];
  /** `float32` unless told. */
  readonly type?: ElementType;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly exact?: boolean;
  readonly gradients?: readonly (GradientRule | undefined)[];
}

/**
 * An ONNX graph under construction: operations in the order in which they were made, which is a
 * topological order. Weights may be inputs (fed at each run, so that they can be trained) or constants.
 */
export class Graph {
  readonly inputs: Tensor[] = [];
  readonly constants: Tensor[] = [];
  readonly operations: Operation[] = [];
  readonly #names = new Set<string>();
  readonly #scalars = new Map<number, Tensor>();
  readonly #shapes = new Map<string, Tensor>();
  #serial = 0;

  /** Declare an input. @throws RangeError where the name is taken. */
  input(name: string, dims: readonly Dim[], type: ElementType = 'float32'): Tensor {
    const tensor: Tensor = { graph: this, name: this.#claim(name), dims, type };
    this.inputs.push(tensor);
    return tensor;
  }

  /** A constant: float32, or float16 where its bits are given. @throws RangeError where `data` does not fill `dims`. */
  constant(data: Float32Array | Uint16Array, dims: readonly number[], name?: string): Tensor {
    const count = entryCount(dims);
    if (count !== data.length)
      throw new RangeError(`expected ${count} values for [${dims}] but received ${data.length}`);
    const type = data instanceof Uint16Array ? 'float16' : 'float32';
    return this.#keep({ graph: this, name: this.#claim(name), dims, type, constant: data });
  }

  /** A float32 scalar; equal values share one constant. */
  scalar(value: number): Tensor {
    const known = this.#scalars.get(value);
    if (known) return known;
    const tensor = this.constant(Float32Array.of(value), []);
    this.#scalars.set(value, tensor);
    return tensor;
  }

  /** A vector of int64, as shapes, axes and pads are given; equal ones share one constant. */
  int64s(values: readonly number[]): Tensor {
    const key = values.join();
    const known = this.#shapes.get(key);
    if (known) return known;
    const constant = BigInt64Array.from(values, BigInt);
    const tensor = this.#keep({
      graph: this,
      name: this.#claim(),
      dims: [values.length],
      type: 'int64',
      constant,
    });
    this.#shapes.set(key, tensor);
    return tensor;
  }

  /** Add an operation of the standard ONNX domain with one output. */
  add(type: string, inputs: readonly Tensor[], init: OperationInit): Tensor {
    for (const input of inputs) {
      if (input.graph !== this) throw new TypeError(`${type}: ${input.name} belongs to another graph`);
    }
    const output: Tensor = {
      graph: this,
      name: this.#claim(),
      dims: init.dims,
      type: init.type ?? 'float32',
    };
    const { attributes = {}, exact = false, gradients = [] } = init;
    this.operations.push({ type, inputs, output, attributes, exact, gradients });
    return output;
  }

  #keep(tensor: Tensor): Tensor {
    this.constants.push(tensor);
    return tensor;
  }

  #claim(wanted?: string): string {
    let name = wanted ?? `t${this.#serial++}`;
    while (wanted === undefined && this.#names.has(name)) name = `t${this.#serial++}`;
    if (this.#names.has(name)) throw new RangeError(`the name ${name} is taken`);
    this.#names.add(name);
    return name;
  }
}

/** The dims of a tensor whose every axis is known. @throws RangeError where one is dynamic. */
export function staticDims(tensor: Tensor): readonly number[] {
  return tensor.dims.map((dim, axis) => {
    if (dim === 'dynamic')
      throw new RangeError(`${tensor.name}: axis ${axis} is dynamic where its length is needed`);
    return dim;
  });
}

/** The dims of an image-like tensor [N, C, H, W]; H and W may be dynamic. */
export function imageDims(tensor: Tensor): { n: number; c: number; h: Dim; w: Dim } {
  const [n, c, h, w, ...rest] = tensor.dims;
  if (
    typeof n !== 'number' ||
    typeof c !== 'number' ||
    h === undefined ||
    w === undefined ||
    rest.length > 0
  ) {
    throw new RangeError(`expected [N, C, H, W] but received [${tensor.dims}]`);
  }
  return { n, c, h, w };
}

/** Apply arithmetic to a length, unless it is known only when the graph runs. */
export function mapDim(dim: Dim, length: (known: number) => number): Dim {
  return dim === 'dynamic' ? dim : length(dim);
}
