/** A function's value and gradient at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** How long to go on, and who watches. */
export interface LbfgsOptions {
  /** Evaluations of value and gradient in all, those of the line search included. */
  readonly evaluations: number;
  /** Pairs of steps and gradient changes that are remembered. */
  readonly history: number;
  /** Called after each evaluation with how many there have been, the point and its value. */
  readonly onEvaluation?: (count: number, point: Float32Array, value: number) => void;
  /** Aborting it ends the search after the evaluation at hand. */
  readonly signal?: AbortSignal;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step · change) */
  readonly rho: number;
}

/** Armijo's constant: how much of the decrease that the slope promises a step must bring. */
const SUFFICIENT = 1e-4;
/** A step is halved at most so often before the memory is dropped and steepest descent tried. */
const HALVINGS = 6;

/**
 * Limited-memory BFGS (Nocedal 1980; Nocedal and Wright, algorithm 7.4): two-loop recursion, a full step first
 * and halved until Armijo's condition holds, pairs without positive curvature left out. The first direction
 * is steepest descent, scaled so that it moves the entries by 1 on average: a fit for pictures in 0–255. It ends
 * before its evaluations are spent where not even a sixty-fourth of that leads lower.
 *
 * @param start not changed
 * @returns the best point seen and its value
 */
export async function minimise(
  evaluate: (point: Float32Array) => Promise<Evaluation>,
  start: Float32Array,
  options: LbfgsOptions,
): Promise<{ point: Float32Array; value: number }> {
  let count = 0;
  let best: { point: Float32Array; value: number } | undefined;
  const measure = async (at: Float32Array): Promise<Evaluation> => {
    const result = await evaluate(at);
    count++;
    options.onEvaluation?.(count, at, result.value);
    if (!best || result.value < best.value) best = { point: at, value: result.value };
    return result;
  };
  const goesOn = (): boolean => count < options.evaluations && !options.signal?.aborted;
  let point: Float32Array = Float32Array.from(start);
  let here = await measure(point);
  let pairs: Pair[] = [];
  while (goesOn()) {
    const direction = pairs.length > 0 ? descent(here.gradient, pairs) : steepest(here.gradient);
    const slope = dot(direction, here.gradient);
    if (slope === 0) break;
    let length = 1;
    let next: { point: Float32Array; evaluation: Evaluation } | undefined;
    for (let halving = 0; halving <= HALVINGS && goesOn(); halving++) {
      const candidate = point.map((entry, index) => entry + length * (direction[index] ?? 0));
      const evaluation = await measure(candidate);
      if (evaluation.value <= here.value + SUFFICIENT * length * slope) {
        next = { point: candidate, evaluation };
        break;
      }
      length /= 2;
    }
    if (!next) {
      if (pairs.length === 0) break;
      pairs = [];
      continue;
    }
    pairs = remember(pairs, point, here, next, options.history);
    point = next.point;
    here = next.evaluation;
  }
  return best ?? { point, value: here.value };
}

/** The first direction: against the gradient, entries moved by 1 on average. */
function steepest(gradient: Float32Array): Float64Array {
  const total = gradient.reduce((sum, entry) => sum + Math.abs(entry), 0);
  return Float64Array.from(gradient, (entry) => (-entry * gradient.length) / (total || 1));
}

/** The two-loop recursion: −H · g, with H₀ = (s · y) / (y · y). */
function descent(gradient: Float32Array, pairs: readonly Pair[]): Float64Array {
  const direction = Float64Array.from(gradient, (entry) => -entry);
  const factors: number[] = [];
  for (const { step, change, rho } of pairs.toReversed()) {
    const factor = rho * dot(step, direction);
    factors.unshift(factor);
    accumulate(direction, change, -factor);
  }
  const last = pairs.at(-1);
  const curvature = last ? 1 / (last.rho * dot(last.change, last.change)) : 1;
  for (let index = 0; index < direction.length; index++)
    direction[index] = (direction[index] ?? 0) * curvature;
  pairs.forEach(({ step, change, rho }, index) => {
    accumulate(direction, step, (factors[index] ?? 0) - rho * dot(change, direction));
  });
  return direction;
}

function remember(
  pairs: readonly Pair[],
  point: Float32Array,
  here: Evaluation,
  next: { point: Float32Array; evaluation: Evaluation },
  history: number,
): Pair[] {
  const step = Float64Array.from(next.point, (entry, index) => entry - (point[index] ?? 0));
  const change = Float64Array.from(
    next.evaluation.gradient,
    (entry, index) => entry - (here.gradient[index] ?? 0),
  );
  const curvature = dot(step, change);
  if (curvature <= 1e-10 * dot(change, change)) return [...pairs];
  return [...pairs, { step, change, rho: 1 / curvature }].slice(-history);
}

function dot(a: Float64Array | Float32Array, b: Float64Array | Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function accumulate(into: Float64Array, from: Float64Array, factor: number): void {
  for (let index = 0; index < into.length; index++)
    into[index] = (into[index] ?? 0) + factor * (from[index] ?? 0);
}
