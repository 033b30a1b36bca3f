import { availableParallelism } from 'node:os';
import { build } from './steps/compile.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { Stop, script } from './steps/run.mjs';

/**
 * Speed and memory, as ratios to matrix products of the same operation count in the same run: what a machine can do
 * at best differs, how much of that the networks get does not. `npm run bench -- --threads 1` for fewer threads.
 */
await script(async () => {
  checkNode();
  installPackages();
  build();
  const asked = process.argv.indexOf('--threads');
  const threads = asked < 0 ? Math.min(2, availableParallelism()) : Number(process.argv[asked + 1]);
  if (!Number.isInteger(threads) || threads < 1) throw new Stop('--threads needs a whole number from 1.', 2);
  const { bench } = await import('./steps/bench.mjs');
  await bench(threads);
});
