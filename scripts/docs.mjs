import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './steps/compile.mjs';
import { checkNode, installPackages } from './steps/packages.mjs';
import { root } from './steps/paths.mjs';
import { run, Stop, script } from './steps/run.mjs';

/** Write anew what is made of the program: the manual’s table of settings, and the page of bad input, from its tests. */
await script(() => {
  checkNode();
  installPackages();
  build();
  const manual = join(root, 'docs', 'operating.md');
  const program = [join(root, 'dist', 'main.js'), 'settings', '--markdown'];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  if (status !== 0) throw new Stop(stderr);
  const between = /(<!-- settings -->\n)[\s\S]*(<!-- \/settings -->)/;
  writeFileSync(
    manual,
    readFileSync(manual, 'utf8').replace(
      between,
      (_all, before, after) => `${before}${stdout.trim()}\n${after}`,
    ),
  );
  run('The page of bad input', process.execPath, ['--import', 'tsx', 'test/bad-input/write-page.ts']);
});
