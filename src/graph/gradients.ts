import type { Graph, Tensor } from './graph.ts';
import { add } from './operators/elementwise.ts';

/**
 * Emit the backward pass: the gradient of a scalar `loss` with respect to each of `parameters`, as
 * ordinary operators of the same graph (reverse-mode differentiation). Only what the parameters need is
 * emitted, so a frozen network costs no weight gradients.
 *
 * @returns one tensor per parameter, of the parameter's shape
 * @throws RangeError where the loss is no scalar, or does not depend on a parameter
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.dims.length !== 0) throw new RangeError(`expected a scalar loss but received [${loss.dims}]`);
  const graph = loss.graph;
  const operations = [...graph.operations];
  const active = dependants(graph, parameters);
  const sums = new Map<Tensor, Tensor>([[loss, graph.scalar(1)]]);
  for (const operation of operations.reverse()) {
    const upstream = sums.get(operation.output);
    if (!upstream) continue;
    operation.inputs.forEach((input, index) => {
      const rule = operation.gradients[index];
      if (!rule || !active.has(input)) return;
      const gradient = rule(upstream, operation.output);
      const sum = sums.get(input);
      sums.set(input, sum ? add(sum, gradient) : gradient);
    });
  }
  return parameters.map((parameter) => {
    const gradient = sums.get(parameter);
    if (!gradient) throw new RangeError(`the loss does not depend on ${parameter.name}`);
    return gradient;
  });
}

function dependants(graph: Graph, parameters: readonly Tensor[]): ReadonlySet<Tensor> {
  const active = new Set(parameters);
  for (const { inputs, output, gradients: rules } of graph.operations) {
    if (inputs.some((input, index) => rules[index] && active.has(input))) active.add(output);
  }
  return active;
}
