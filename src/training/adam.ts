import type { Tensor } from '../graph/graph.ts';
import { add, div, mul, scale, shift, sqrt, sub } from '../graph/operators/elementwise.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** What Adam keeps of one parameter. */
export interface AdamState {
  readonly parameter: Tensor;
  /** Running mean of the gradient, of the parameter's shape. */
  readonly mean: Tensor;
  /** Running mean of the squared gradient, of the parameter's shape. */
  readonly square: Tensor;
}

/**
 * One step of Adam (Kingma and Ba 2015), as operators.
 *
 * @param rate a scalar input: the learning rate times `biasCorrection` of the step
 */
export function adamStep(state: AdamState, gradient: Tensor, rate: Tensor): AdamState {
  const mean = add(scale(state.mean, BETA1), scale(gradient, 1 - BETA1));
  const square = add(scale(state.square, BETA2), scale(mul(gradient, gradient), 1 - BETA2));
  const parameter = sub(state.parameter, mul(rate, div(mean, shift(sqrt(square), EPSILON))));
  return { parameter, mean, square };
}

/** What the learning rate is multiplied by at a step (from 1), because the running means began at zero. */
export function biasCorrection(step: number): number {
  return Math.sqrt(1 - BETA2 ** step) / (1 - BETA1 ** step);
}
