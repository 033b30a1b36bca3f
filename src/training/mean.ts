import type { StyleLosses } from './objective.ts';

/** NaN where there is none. */
export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean of the objective, and of each of its terms. */
export function meanLosses(scores: readonly StyleLosses[]): StyleLosses {
  return {
    objective: average(scores.map(({ objective }) => objective)),
    feature: average(scores.map(({ feature }) => feature)),
    style: average(scores.map(({ style }) => style)),
    totalVariation: average(scores.map(({ totalVariation }) => totalVariation)),
  };
}
