import { writeFileSync } from 'node:fs';
import { build, checkTypes } from './steps/compile.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { installed } from './steps/paths.mjs';
import { run, say, script } from './steps/run.mjs';
import { runTests, testEnvironment } from './steps/vitest.mjs';

let passed = 0;
let failed = 0;

/** Format, lint, types, build, room rules and tests; what follows “npm test --” goes to vitest. */
await script(() => {
  checkNode();
  installPackages();
  const env = testEnvironment();
  say('Format and lint');
  run('Format and lint (“npm run format” mends most of it)', process.execPath, [
    installed('@biomejs/biome/bin/biome'),
    'check',
    '--error-on-warnings',
    '.',
  ]);
  checkTypes();
  build();
  runTests('vitest.config.ts', env, (...counted) => {
    [passed, failed] = counted;
  });
});

// A step that fails counts as one failure, whatever the tests say.
if (process.exitCode) failed = Math.max(failed, 1);
const report = process.env.IMPASTO_TEST_COUNTS;
if (report) writeFileSync(report, `${passed} passed, ${failed} failed\n`);
