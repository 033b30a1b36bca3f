import { describe, expect, it } from 'vitest';
import { judge } from '../../src/training/style-bar.ts';

describe('the bar of a style', () => {
  const at = (mean: number, worst: number): Record<number, { ratio: number; worst: number }> => ({
    25: { ratio: 9, worst: 9 },
    35: { ratio: 9, worst },
    50: { ratio: mean, worst: 9 },
  });

  it.each<[number, number, number, boolean]>([
    [1, 1, 20, true],
    [0.5, 0.5, 40, true],
    [1.001, 1, 20, false],
    [1, 1.001, 20, false],
    [0.5, 0.5, 19, false],
  ])(
    'at %d times the mean of 50 and at worst %d times 35, on %d photos: %s',
    (mean, worst, photos, passed) => {
      expect(judge('great-wave', photos, at(mean, worst))).toEqual({
        mean: { iterations: 50, ratio: mean },
        worst: { iterations: 35, ratio: worst },
        passed,
      });
    },
  );

  it('is a mean of 75 and at worst 50 for starry-night, whatever its width', () => {
    const against = { ...at(1, 1), 50: { ratio: 9, worst: 1 }, 75: { ratio: 1, worst: 9 } };
    for (const style of ['starry-night', 'starry-night-full']) {
      expect(judge(style, 20, against)).toMatchObject({ mean: { iterations: 75 }, passed: true });
      expect(judge(style, 20, at(0.1, 0.1)).passed).toBe(false);
    }
  });

  it('is missed where the optimisation was not run so far', () => {
    expect(judge('great-wave', 20, { 25: { ratio: 0.1, worst: 0.1 } })).toStrictEqual({
      mean: { iterations: 50 },
      worst: { iterations: 35 },
      passed: false,
    });
  });
});
