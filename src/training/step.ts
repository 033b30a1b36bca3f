import { gradients } from '../graph/gradients.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { toModel } from '../graph/model.ts';
import type { WeightParameter, WeightSource } from '../graph/networks/weights.ts';
import { add, scale } from '../graph/operators/elementwise.ts';
import { type AdamState, adamStep } from './adam.ts';

/** Prefixes of the state's tensors among the inputs and outputs of a step: the weights and Adam's two means. */
export const STATE_PREFIXES = ['weight:', 'mean:', 'square:'] as const;

/** A network's weights as inputs of a step, each with what Adam keeps of it. */
export interface TrainedWeights {
  readonly states: readonly (AdamState & { readonly name: string })[];
  readonly source: WeightSource;
  /** Running statistics by name: no weights, for they are not learnt but seen. */
  readonly running: ReadonlyMap<string, Tensor>;
}

/** How much of what a step sees goes into the running statistics. */
const MOMENTUM = 0.1;

/** True of what is not learnt but seen: Adam keeps nothing of it. */
export function isRunning(name: string): boolean {
  return /\.(mean|variance)$/.test(name);
}

/** Declare `weight:NAME`, and `mean:NAME` and `square:NAME` where it is learnt, for every weight as inputs. */
export function trainedWeights(graph: Graph, parameters: readonly WeightParameter[]): TrainedWeights {
  const [learnt, seen] = [false, true].map((running) =>
    parameters.filter(({ name }) => isRunning(name) === running),
  );
  const running = (seen ?? []).map(
    ({ name, dims }) => [name, graph.input(STATE_PREFIXES[0] + name, dims)] as const,
  );
  const states = (learnt ?? []).map(({ name, dims }) => {
    const [parameter, mean, square] = STATE_PREFIXES.map((prefix) => graph.input(prefix + name, dims));
    if (!parameter || !mean || !square) throw new TypeError('a state has three parts');
    return { name, parameter, mean, square };
  });
  const byName = new Map(states.map(({ name, parameter }) => [name, parameter]));
  return { states, source: (name) => known(byName.get(name), name), running: new Map(running) };
}

/**
 * Complete a training step: the backward pass from `losses.objective`, and Adam. Outputs: the weights and means after the
 * step, as `next:weight:NAME` …, and the losses before it, which are scalars.
 *
 * @param rate a scalar: the learning rate times `biasCorrection` of the step
 * @param seen the statistics of this step, by the names of the running ones
 */
export function stepModel(
  losses: Readonly<Record<string, Tensor>> & { readonly objective: Tensor },
  { states, running }: TrainedWeights,
  rate: Tensor,
  seen: ReadonlyMap<string, Tensor> = new Map(),
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
  for (const [name, before] of running) {
    const now = known(seen.get(name), name);
    outputs[`next:${STATE_PREFIXES[0]}${name}`] = add(scale(before, 1 - MOMENTUM), scale(now, MOMENTUM));
  }
  return toModel(losses.objective.graph, outputs);
}

function known(tensor: Tensor | undefined, name: string): Tensor {
  if (!tensor) throw new RangeError(`there is no weight ${name}`);
  return tensor;
}
