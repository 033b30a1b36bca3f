import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run, Stop, say } from './run.mjs';

/** @throws {Stop} where this Node is older than package.json's `engines` asks for */
export function checkNode() {
  const wanted = read('package.json').engines.node.match(/\d+/g).map(Number);
  const own = process.versions.node.split('.').map(Number);
  if (own[0] > wanted[0] || (own[0] === wanted[0] && own[1] >= wanted[1])) return;
  throw new Stop(
    `This is Node ${process.versions.node}; Impasto needs ${wanted.join('.')} or newer. See https://nodejs.org/en/download.`,
  );
}

/**
 * `npm ci`, where `node_modules` is not what the lockfile says.
 *
 * @throws {Stop} where that fails
 */
export function installPackages() {
  if (installed()) return;
  say('Packages: npm ci');
  run('Installing packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
}

/** npm keeps its own lockfile of what it installed; packages for other systems are not in it. */
function installed() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return false;
  const wanted = read('package-lock.json').packages;
  const present = read('node_modules/.package-lock.json').packages;
  const same = ([path, { version, optional }]) =>
    present[path] === undefined ? optional === true : present[path].version === version;
  const own = Object.entries(wanted).filter(([path]) => path !== '');
  return own.every(same) && Object.keys(present).every((path) => wanted[path] !== undefined);
}

function read(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}
