import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { WeightValues } from '../graph/networks/weights.ts';

/** Opens a session on a model's bytes: provider and threads are the caller's choice. */
export type OpenSession = (model: Uint8Array) => Promise<InferenceSession>;

/** The weighted terms of the objective and their sum, before a step. */
export interface Losses {
  readonly objective: number;
  readonly feature: number;
  readonly style: number;
  readonly totalVariation: number;
}

/** Weights as a session takes them, by their names. */
export function feedsOf(weights: ReadonlyMap<string, WeightValues>): Record<string, Tensor> {
  return Object.fromEntries(
    [...weights].map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]),
  );
}

/** The four scalars of an objective out of a run's results. */
export function readLosses(results: InferenceSession.OnnxValueMapType): Losses {
  const scalar = (name: string): number => floats(results[name])[0] ?? Number.NaN;
  return {
    objective: scalar('objective'),
    feature: scalar('feature'),
    style: scalar('style'),
    totalVariation: scalar('totalVariation'),
  };
}

/** The values of a float32 result. @throws TypeError where it is missing, or of another type */
export function floats(value: InferenceSession.OnnxValueMapType[string] | undefined): Float32Array {
  if (!(value?.data instanceof Float32Array)) throw new TypeError('expected a float32 result');
  return value.data;
}
