import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Evaluation, minimise } from '../../src/training/lbfgs.ts';
import { randomSource } from '../../src/training/random.ts';

type Problem = (point: Float32Array) => Evaluation;

/** (1 − x)² + 100 (y − x²)²: a bent valley with its floor at (1, 1). */
const rosenbrock: Problem = ([x = 0, y = 0]) => ({
  value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: Float32Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
});

/** ½ (p − lowest)ᵀ diag(curvatures) (p − lowest) */
function bowl(curvatures: readonly number[], lowest: readonly number[]): Problem {
  return (point) => {
    const gradient = point.map((entry, index) => (curvatures[index] ?? 0) * (entry - (lowest[index] ?? 0)));
    const value = gradient.reduce(
      (sum, slope, i) => sum + 0.5 * slope * ((point[i] ?? 0) - (lowest[i] ?? 0)),
      0,
    );
    return { value, gradient };
  };
}

/** What a minimisation did: its result, and every point that it asked about. */
async function follow(
  problem: Problem,
  start: Float32Array,
  evaluations: number,
  history = 20,
): Promise<{
  point: Float32Array;
  value: number;
  asked: number;
  seen: { count: number; point: Float32Array; value: number }[];
}> {
  let asked = 0;
  const seen: { count: number; point: Float32Array; value: number }[] = [];
  const result = await minimise(
    async (point) => {
      asked++;
      return problem(point);
    },
    start,
    {
      evaluations,
      history,
      onEvaluation: (count, point, value) => seen.push({ count, point: Float32Array.from(point), value }),
    },
  );
  return { ...result, asked, seen };
}

describe('minimise', () => {
  it('walks Rosenbrock’s valley to its end', async () => {
    const { point, value } = await follow(rosenbrock, Float32Array.of(-1.2, 1), 100);
    expect(value).toBeLessThan(1e-8);
    expect(point[0]).toBeCloseTo(1, 3);
    expect(point[1]).toBeCloseTo(1, 3);
  });

  it('finds the lowest point of bowls from round to a thousand times as long as wide', async () => {
    const curvature = fc.double({ min: 0, max: 3, noNaN: true }).map((exponent) => 10 ** exponent);
    const lowest = fc.double({ min: -50, max: 50, noNaN: true });
    const away = fc.double({ min: 1, max: 50, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(curvature, lowest, away), { minLength: 1, maxLength: 12 }),
        async (axes) => {
          const problem = bowl(
            axes.map(([steepness]) => steepness),
            axes.map(([, place]) => place),
          );
          const start = Float32Array.from(axes, ([, place, distance]) => place + distance);
          const { value } = await follow(problem, start, 150);
          // Entries of up to 50 are known to 4e-6, and the steepest bowls have risen by 1000 · (4e-6)² there.
          expect(value).toBeLessThan(1e-5 + 1e-9 * problem(start).value);
        },
      ),
      { numRuns: 60, seed: 20161008 },
    );
  });

  it('moves the entries by 1 on average at first', async () => {
    const { seen } = await follow(bowl([4, 1, 9], [100, 100, -100]), new Float32Array(3), 2);
    const moved = [...(seen[1]?.point ?? [])].reduce((sum, entry) => sum + Math.abs(entry), 0);
    expect(moved / 3).toBeCloseTo(1, 5);
  });

  it('counts every evaluation, those of the line search too, and stops at the number given', async () => {
    for (const evaluations of [1, 2, 3, 7, 20, 31]) {
      const { asked, seen } = await follow(rosenbrock, Float32Array.of(-1.2, 1), evaluations);
      expect(asked).toBe(evaluations);
      expect(seen.map(({ count }) => count)).toEqual(
        Array.from({ length: evaluations }, (_, index) => index + 1),
      );
    }
  });

  it('stops at the number given, whether or not anybody listens', async () => {
    for (const evaluations of [1, 2, 7, 20]) {
      let asked = 0;
      const evaluate = async (point: Float32Array): Promise<Evaluation> => {
        asked++;
        return rosenbrock(point);
      };
      await minimise(evaluate, Float32Array.of(-1.2, 1), { evaluations, history: 20 });
      expect(asked).toBe(evaluations);
    }
  });

  it('halves a step that is too long, and gives back the lowest point that it saw', async () => {
    for (let evaluations = 1; evaluations <= 40; evaluations++) {
      const { point, value, seen } = await follow(rosenbrock, Float32Array.of(-1.2, 1), evaluations);
      expect(value).toBe(Math.min(...seen.map((each) => each.value)));
      expect(value).toBe(rosenbrock(point).value);
    }
    // Some step was refused on the way: a value above the one before it.
    const { seen } = await follow(rosenbrock, Float32Array.of(-1.2, 1), 40);
    expect(
      seen.some(({ value }, index) => value > (seen[index - 1]?.value ?? Number.POSITIVE_INFINITY)),
    ).toBe(true);
  });

  it('keeps to what is left of a value that is not a number', async () => {
    const cliff: Problem = (point) =>
      (point[0] ?? 0) > 1.5
        ? { value: Number.NaN, gradient: Float32Array.of(Number.NaN) }
        : bowl([1], [1.4])(point);
    const { value } = await follow(cliff, Float32Array.of(-3), 60);
    expect(value).toBeLessThan(1e-6);
  });

  it('stops early where there is nowhere lower to go', async () => {
    const { asked, value } = await follow(bowl([1, 1], [3, 4]), Float32Array.of(3, 4), 50);
    expect(value).toBe(0);
    expect(asked).toBeLessThan(50);
  });

  it('remembers as many steps as it is told: with one it needs more evaluations than with twenty', async () => {
    const uniform = randomSource(4);
    const curvatures = Array.from({ length: 30 }, () => 10 ** (3 * uniform()));
    const problem = bowl(curvatures, Array(30).fill(7));
    const needed = async (history: number): Promise<number> => {
      const { seen } = await follow(problem, new Float32Array(30), 400, history);
      return seen.findIndex(({ value }) => value < 1e-3);
    };
    const [short, long] = [await needed(1), await needed(20)];
    expect(long).toBeGreaterThan(0);
    expect(short < 0 || short > long).toBe(true);
  });

  it('leaves the point that it starts from as it is', async () => {
    const start = Float32Array.of(-1.2, 1);
    await follow(rosenbrock, start, 10);
    expect([...start]).toEqual([...Float32Array.of(-1.2, 1)]);
  });
});
