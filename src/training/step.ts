import { gradients } from '../graph/gradients.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import type { WeightParameter, WeightSource } from '../graph/networks/weights.ts';
import { type AdamState, adamStep } from './adam.ts';

/** Prefixes of the state's tensors among the inputs and outputs of a step: the weights and Adam's two means. */
export const STATE_PREFIXES = ['weight:', 'mean:', 'square:'] as const;

/** A network's weights as inputs of a step, each with what Adam keeps of it. */
export interface TrainedWeights {
  readonly states: readonly (AdamState & { readonly name: string })[];
  readonly source: WeightSource;
}

/** Declare `weight:NAME`, `mean:NAME` and `square:NAME` for every weight as inputs. */
export function trainedWeights(graph: Graph, parameters: readonly WeightParameter[]): TrainedWeights {
  const states = parameters.map(({ name, dims }) => {
    const [parameter, mean, square] = STATE_PREFIXES.map((prefix) => graph.input(prefix + name, dims));
    if (!parameter || !mean || !square) throw new TypeError('a state has three parts');
    return { name, parameter, mean, square };
  });
  const byName = new Map(states.map(({ name, parameter }) => [name, parameter]));
  return { states, source: (name) => known(byName.get(name), name) };
}

/**
 * Complete a training step: the backward pass from `losses.objective`, and Adam. Outputs: the weights and means after the
 * step, as `next:weight:NAME` …, and the losses before it, which are scalars.
 *
 * @param rate a scalar: the learning rate times `biasCorrection` of the step
 */
export function stepModel(
  losses: Readonly<Record<string, Tensor>> & { readonly objective: Tensor },
  { states }: TrainedWeights,
  rate: Tensor,
): Uint8Array {
  const slopes = gradients(
    losses.objective,
    states.map(({ parameter }) => parameter),
  );
  const outputs: Record<string, Tensor> = { ...losses };
  states.forEach((state, index) => {
    const next = adamStep(state, known(slopes[index], state.name), rate);
    const [weight, mean, square] = STATE_PREFIXES;
    outputs[`next:${weight}${state.name}`] = next.parameter;
    outputs[`next:${mean}${state.name}`] = next.mean;
    outputs[`next:${square}${state.name}`] = next.square;
  });
  return toModel(losses.objective.graph, outputs);
}

function known(tensor: Tensor | undefined, name: string): Tensor {
  if (!tensor) throw new RangeError(`there is no weight ${name}`);
  return tensor;
}
