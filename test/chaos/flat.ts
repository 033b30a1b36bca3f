/** What was measured, in the order of time. */
export type Series = readonly number[];

/** How far a figure may grow and still count as flat. */
export interface Tolerance {
  /** A part of what it was. */
  readonly part: number;
  /** Beside that, in the figure's own unit. */
  readonly more: number;
}

/** A figure in the middle third of a run and in its last. */
export interface Trend {
  readonly middle: number;
  readonly last: number;
  readonly flat: boolean;
}

/** Fewer say nothing of a trend. */
const LEAST = 9;

/**
 * Whether it stopped growing: the median of the last third is at most that of the middle third and the tolerance. The first
 * third is for warming up.
 * @throws Error where there are too few
 */
export function trendOf(series: Series, { part, more }: Tolerance): Trend {
  if (series.length < LEAST)
    throw new Error(`${series.length} measurements are too few, ${LEAST} are needed`);
  const third = Math.floor(series.length / 3);
  const middle = median(series.slice(third, -third));
  const last = median(series.slice(-third));
  return { middle, last, flat: last <= middle * (1 + part) + more };
}

function median(series: Series): number {
  const sorted = series.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
