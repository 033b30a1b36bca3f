import { availableParallelism } from 'node:os';
import { build } from './steps/compile.mjs';
import { findRedis } from './steps/debian.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { run, Stop, say, script } from './steps/run.mjs';

/**
 * Speed and memory, as ratios to matrix products of the same operation count in the same run: what a machine can do
 * at best differs, how much of that the networks get does not. Then how soon people hear that they were heard, while the one
 * worker is busy. `npm run bench -- --threads 1` for fewer threads, `npm run bench -- acknowledge` for the second part alone.
 */
await script(async () => {
  checkNode();
  installPackages();
  build();
  if (!process.argv.includes('acknowledge')) await networks();
  say('Acknowledgements');
  const { binary, argv0, env } = findRedis();
  const redis = { ...process.env, ...env, IMPASTO_REDIS_BINARY: binary, IMPASTO_REDIS_ARGV0: argv0 };
  run('An acknowledgement', process.execPath, ['--import', 'tsx', 'test/bench/acknowledge.ts'], redis);
});

async function networks() {
  const asked = process.argv.indexOf('--threads');
  const threads = asked < 0 ? Math.min(2, availableParallelism()) : Number(process.argv[asked + 1]);
  if (!Number.isInteger(threads) || threads < 1) throw new Stop('--threads needs a whole number from 1.', 2);
  const { bench } = await import('./steps/bench.mjs');
  await bench(threads);
}
