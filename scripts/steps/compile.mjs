import { chmodSync, cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { installed, root } from './paths.mjs';
import { run, say } from './run.mjs';

const page = join('bots', 'playground', 'page');
const pageProject = join('src', page, 'tsconfig.json');

/** What the page consists of besides its scripts. */
const pageFiles = new Set(['', '.css', '.html', '.svg']);

/** Check the types of everything without writing anything. @throws {import('./run.mjs').Stop} */
export function checkTypes() {
  tsc('Types', ['-p', '.']);
  tsc('Types of the page', ['-p', pageProject, '--noEmit']);
}

/**
 * Make `dist/` anew: the program, and the playground's page beside it. Whatever runs out of the old one finds its files
 * until the new one stands.
 *
 * @throws {import('./run.mjs').Stop}
 */
export function build() {
  const [dist, next, last] = ['dist', 'dist.next', 'dist.last'].map((name) => join(root, name));
  rmSync(next, { recursive: true, force: true });
  tsc('Build', ['-p', 'tsconfig.build.json', '--outDir', next]);
  tsc('Build of the page', ['-p', pageProject, '--outDir', join(next, page)]);
  cpSync(join(root, 'src', page), join(next, page), {
    recursive: true,
    filter: (file) => pageFiles.has(extname(file)),
  });
  chmodSync(join(next, 'main.js'), 0o755);
  rmSync(last, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, last);
  renameSync(next, dist);
  rmSync(last, { recursive: true, force: true });
}

function tsc(what, args) {
  say(what);
  run(what, process.execPath, [installed('typescript/bin/tsc'), ...args]);
}
