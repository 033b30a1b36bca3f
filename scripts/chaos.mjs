import { runOnProgram } from './steps/program.mjs';

/**
 * Kill the bots, the worker and Redis at random moments while people ask for pictures, and count the answers:
 * `npm run chaos -- --requests 500 [--seed S]`. Ends with exit code 1 where a request was lost or answered twice.
 */
await runOnProgram('Chaos', 'test/chaos/chaos.ts');
