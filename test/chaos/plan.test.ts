import { describe, expect, it } from 'vitest';
import { type PlannedKill, planKills, planRequests, TARGETS } from './plan.ts';

function kills(seed: number, count: number): readonly PlannedKill[] {
  const plan = planKills(seed, 9_000);
  return Array.from({ length: count }, () => plan.next().value);
}

describe('power cuts', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(kills(7, 50)).toEqual(kills(7, 50));
    expect(kills(7, 50)).not.toEqual(kills(8, 50));
  });

  it('meet everything, at gaps of that mean, and are over within three seconds', () => {
    const all = kills(1, 2_000);
    for (const target of TARGETS)
      expect(all.filter((kill) => kill.target === target).length).toBeGreaterThan(400);
    const mean = all.reduce((sum, { afterMs }) => sum + afterMs, 0) / all.length;
    expect(mean).toBeGreaterThan(8_000);
    expect(mean).toBeLessThan(10_000);
    expect(Math.max(...all.map(({ downMs }) => downMs))).toBeLessThanOrEqual(3_000);
  });
});

describe('requests', () => {
  const plan = { seed: 3, count: 500, styles: ['a', 'b'], sides: [100, 2_000], pauseMs: 0 } as const;

  it('are the same for the same seed', () => {
    expect(planRequests(plan)).toEqual(planRequests(plan));
    expect(planRequests(plan)).not.toEqual(planRequests({ ...plan, seed: 4 }));
  });

  it('are half on each platform, of sizes that all differ, small and large alike', () => {
    const all = planRequests(plan);
    expect(all.filter(({ platform }) => platform === 'slack')).toHaveLength(250);
    expect(new Set(all.map(({ width, height }) => `${width} × ${height}`)).size).toBe(500);
    const sides = all.flatMap(({ width, height }) => [width, height]);
    expect(Math.min(...sides)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...sides)).toBeLessThanOrEqual(2_000);
    const small = sides.filter((side) => side < Math.sqrt(100 * 2_000)).length;
    expect(small / sides.length).toBeGreaterThan(0.4);
    expect(small / sides.length).toBeLessThan(0.6);
  });

  it('are told twice now and then, and some people are impatient', () => {
    const all = planRequests(plan);
    expect(all.filter(({ againMs }) => againMs !== undefined).length).toBeGreaterThan(50);
    expect(all.filter(({ impatient }) => impatient).length).toBeGreaterThan(30);
    expect(all.filter(({ how }) => how === 'emoji').every(({ platform }) => platform === 'slack')).toBe(true);
  });
});
