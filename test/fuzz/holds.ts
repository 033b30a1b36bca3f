import fc from 'fast-check';
import { z } from 'zod';

/** How long and from which seed `npm run fuzz` wants each property tried. */
const long = z.object({ seed: z.int(), seconds: z.number() });

/** The variable by which it says so; without it each property is tried a few times, always with the same values. */
const VARIABLE = 'IMPASTO_FUZZ';

const SEED = 1889;

/** A value that takes longer than this hangs. */
const HANGING_MS = 60_000;

/**
 * Try a property. What fails is told with its smallest value, the seed, and the path to it.
 * @param runs how many values are tried in the suite
 */
export async function holds<T>(property: fc.IAsyncPropertyWithHooks<T>, runs: number): Promise<void> {
  const asked = process.env[VARIABLE];
  if (asked === undefined) {
    await fc.assert(property, { seed: SEED, numRuns: runs });
    return;
  }
  const { seed, seconds } = long.parse(JSON.parse(asked));
  await fc.assert(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
    timeout: HANGING_MS,
  });
}
