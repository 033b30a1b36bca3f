import { runOnProgram } from './steps/program.mjs';

/**
 * A thousand requests at once, then a steady flow while things go wrong: `npm run soak -- --minutes 30 [--seed S]`. Ends with
 * exit code 1 where anybody is left without an answer, or memory, handles or keys grow.
 */
await runOnProgram('The soak', 'test/chaos/soak.ts');
