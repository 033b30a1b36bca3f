/** A number axis on paper: from values to pixels, and where its ticks are. */
export interface Axis {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Ticks along a linear axis, at the most. */
const TICKS = 8;

/** Ticks at round steps: 1, 2, 5 times a power of ten. */
export function linearAxis(from: number, to: number, pixels: readonly [number, number]): Axis {
  const span = to - from;
  if (span <= 0) return { at: scale(from, to, pixels), ticks: [from] };
  const power = 10 ** Math.floor(Math.log10(span / TICKS));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= TICKS) ?? span;
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return {
    at: scale(from, to, pixels),
    ticks: Array.from({ length: count }, (_, index) => (first + index) * step),
  };
}

/** Widened to whole decades or, where they are few, to 1, 2, 5 in them. Values must be positive. */
export function logAxis(from: number, to: number, pixels: readonly [number, number]): Axis {
  const few = Math.log10(to / from) < 3;
  const steps = few ? [1, 2, 5] : [1];
  const decades = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))] as const;
  const all = Array.from({ length: decades[1] - decades[0] + 1 }, (_, index) => decades[0] + index).flatMap(
    (decade) => steps.map((step) => step * 10 ** decade),
  );
  const low = all.findLast((tick) => tick <= from) ?? from;
  const high = all.find((tick) => tick >= to && tick > low) ?? to;
  const place = scale(Math.log10(low), Math.log10(high), pixels);
  return {
    at: (value) => place(Math.log10(value)),
    ticks: all.filter((tick) => tick >= low && tick <= high),
  };
}

/**
 * Mean over a window of values around each: the trend in losses that jump from batch to batch. The window shrinks
 * towards the start, where losses fall steeply, and reaches back only at the end, where they hardly do.
 */
export function smooth(values: readonly number[], window: number): readonly number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return values.map((_, index) => {
    const reach = Math.min(Math.floor(window / 2), index);
    const end = Math.min(values.length, index + reach + 1);
    return ((sums[end] ?? 0) - (sums[index - reach] ?? 0)) / (end - index + reach);
  });
}

/** For texts that go into SVG. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function scale(from: number, to: number, [start, end]: readonly [number, number]): (value: number) => number {
  const span = to === from ? 1 : to - from;
  return (value) => start + ((value - from) / span) * (end - start);
}
