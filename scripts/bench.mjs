import { build } from './steps/compile.mjs';
import { redisEnvironment } from './steps/debian.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { run, say, script } from './steps/run.mjs';

/**
 * Speed and memory, mostly as ratios: what a machine can do at best differs, how much of that we get does not. Then how soon
 * people hear that they were heard, while the one worker is busy.
 *
 * `npm run bench -- networks job` for some parts (networks, training, job, line, posters, life, acknowledge), `--json` for
 * JSON and nothing else on stdout, `--threads 2` for more threads to a network, `--save` to keep the ratios as the baseline
 * that later runs are compared with.
 */
await script(() => {
  const args = process.argv.slice(2);
  checkNode();
  installPackages();
  build();
  const redis = redisEnvironment();
  const measure = (file, rest) =>
    run('A measurement', process.execPath, ['--import', 'tsx', `test/bench/${file}.ts`, ...rest], redis);
  const parts = args.filter((arg) => arg !== 'acknowledge');
  const named = args.some((arg) => /^[a-z]/.test(arg));
  if (!named || parts.some((arg) => /^[a-z]/.test(arg))) measure('bench', parts);
  if (args.includes('acknowledge') || (!named && !args.includes('--json'))) {
    say('Acknowledgements');
    measure('acknowledge', []);
  }
});
