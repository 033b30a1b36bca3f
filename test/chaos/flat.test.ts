import { expect, it } from 'vitest';
import { trendOf } from './flat.ts';
import { unfair } from './load.ts';
import { written } from './report.ts';

const tolerance = { part: 0.1, more: 2 };
const thirty = Array.from({ length: 30 }, (_, at) => at);

it('what warms up, wavers and stays is flat', () => {
  const series = thirty.map((at) => (at < 10 ? at * 10 : 100 + (at % 3)));
  expect(trendOf(series, tolerance)).toMatchObject({ middle: 101, last: 101, flat: true });
});

it('what grows all the time is not, and a single outlier is no growth', () => {
  expect(
    trendOf(
      thirty.map((at) => 100 + 5 * at),
      tolerance,
    ).flat,
  ).toBe(false);
  expect(trendOf([...thirty.slice(1).map(() => 100), 9_000], tolerance).flat).toBe(true);
});

it('too few measurements say nothing', () => {
  expect(() => trendOf([1, 2, 3], tolerance)).toThrow('too few');
});

it('an order is unfair where a first picture comes after another’s tenth', () => {
  const ada = thirty.slice(0, 10).map((at) => ({ person: 'ada', at }));
  expect(unfair([...ada, { person: 'bob', at: 8 }])).toEqual([]);
  expect(unfair([...ada, { person: 'bob', at: 12 }])).toEqual([expect.stringContaining('bob')]);
  expect(unfair([...ada.slice(1), { person: 'bob', at: 12 }])).toEqual([]);
});

it('a report names what was missed', () => {
  const text = written({ title: 'A run', figures: { answers: 9 }, misses: ['unanswered: request 3'] });
  expect(text).toContain('answers  9');
  expect(text).toContain('MISSED unanswered: request 3');
});
