import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { checkNode, installPackages } from './steps/packages.mjs';
import { installed, root } from './steps/paths.mjs';
import { run, Stop, say, script } from './steps/run.mjs';
import { testEnvironment } from './steps/vitest.mjs';

const VITEST = installed('vitest/vitest.mjs');
const CONFIG = ['--config', 'vitest.fuzz.config.ts'];

/** The most that a property is tried before the next one has its turn. */
const TURN_SECONDS = 30;

/**
 * Try the suite's properties with other values, round by round until the time is over: `npm run fuzz -- --minutes 30`.
 * `--only NAME` tries those whose names hold NAME, `--seed S` begins with that seed. It ends with exit code 1 at the first
 * value that breaks one, made as small as can be, and with the command that finds it again.
 */
await script(() => {
  const { minutes, seed: first, only } = asked();
  checkNode();
  installPackages();
  const env = testEnvironment();
  const chosen = only === undefined ? [] : ['--testNamePattern', only.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')];
  const count = properties(chosen, env);
  if (count === 0) throw new Stop(`No property’s name holds “${only}”. They stand in test/fuzz/.`);
  const end = Date.now() + minutes * 60_000;
  for (let seed = first; seed === first || Date.now() < end; seed++) {
    const left = (end - Date.now()) / 1000;
    const seconds = Math.max(1, Math.min(TURN_SECONDS, left / count));
    say(`Seed ${seed}: ${count} tests, ${seconds.toFixed(0)} s for each property`);
    const again = `npm run fuzz -- --seed ${seed} --minutes ${minutes}${only === undefined ? '' : ` --only '${only}'`}`;
    run(`Fuzzing (again: ${again})`, process.execPath, [VITEST, 'run', ...CONFIG, ...chosen], {
      ...env,
      IMPASTO_FUZZ: JSON.stringify({ seed, seconds }),
    });
  }
  say('No property was broken.');
});

function asked() {
  const options = { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } };
  const usage = 'npm run fuzz -- [--minutes N] [--seed S] [--only NAME]';
  try {
    const { minutes = '5', seed, only } = parseArgs({ options }).values;
    const values = { minutes: Number(minutes), seed: Number(seed ?? randomInt(2 ** 31)), only };
    if (values.minutes > 0 && Number.isInteger(values.seed)) return values;
  } catch (error) {
    throw new Stop(`${error.message} It goes like this: ${usage}`, 2);
  }
  throw new Stop(`Minutes and seed are numbers, the seed a whole one: ${usage}`, 2);
}

/** How many tests there are of that name. */
function properties(chosen, env) {
  const listed = execFileSync(process.execPath, [VITEST, 'list', ...CONFIG, ...chosen, '--json'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return JSON.parse(listed).length;
}
