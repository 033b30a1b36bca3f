import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { WeightValues } from '../graph/networks/weights.ts';

/** Opens a session on a model's bytes: provider and threads are the caller's choice. */
export type OpenSession = (model: Uint8Array) => Promise<InferenceSession>;

/** What a training minimises, `objective`, and by name the terms of which it is the weighted sum, before a step. */
export interface Losses {
  readonly objective: number;
  readonly [term: string]: number;
}

/** Weights as a session takes them, by their names. */
export function feedsOf(weights: ReadonlyMap<string, WeightValues>): Record<string, Tensor> {
  return Object.fromEntries(
    [...weights].map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]),
  );
}

/** A scalar out of a run's results. @throws TypeError where it is missing */
export function scalarOf(results: InferenceSession.OnnxValueMapType, name: string): number {
  return floats(results[name])[0] ?? Number.NaN;
}

/** The values of a float32 result. @throws TypeError where it is missing, or of another type */
export function floats(value: InferenceSession.OnnxValueMapType[string] | undefined): Float32Array {
  if (!(value?.data instanceof Float32Array)) throw new TypeError('expected a float32 result');
  return value.data;
}
