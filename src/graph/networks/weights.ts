import { Graph, type Tensor } from '../graph.ts';

/** A weight by name and dims: a trained constant, or a parameter in training. */
export type WeightSource = (name: string, dims: readonly number[]) => Tensor;

/** A weight's numbers in row-major order; `dims` are OIHW for kernels, [C] for all others. */
export interface WeightValues {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What a weight is called, and its dims. */
export interface WeightParameter {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Names and dims of the weights that `network` asks for on a picture of 16 × 16, in the order in which it does. */
export function recordParameters(
  network: (image: Tensor, weights: WeightSource) => Tensor,
): WeightParameter[] {
  const parameters: WeightParameter[] = [];
  const graph = new Graph();
  network(graph.input('image', [1, 3, 16, 16]), (name, dims) => {
    parameters.push({ name, dims });
    return graph.input(name, dims);
  });
  return parameters;
}

/** Weights as constants of a graph, each of them once, however many networks of the graph use it. */
export function constants(graph: Graph, weights: ReadonlyMap<string, WeightValues>): WeightSource {
  const made = new Map<string, Tensor>();
  return (name, dims) => {
    const before = made.get(name);
    if (before) return before;
    const values = weights.get(name);
    if (values?.dims.join() !== dims.join()) {
      throw new RangeError(
        `expected ${name} to be [${dims}] but received ${values ? `[${values.dims}]` : 'nothing'}`,
      );
    }
    const constant = graph.constant(values.data, dims, name);
    made.set(name, constant);
    return constant;
  };
}
