import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { canInstall, install, unpack } from './apt.mjs';
import { Stop } from './run.mjs';

/**
 * What Debian must give, and how to know it.
 *
 * @typedef {object} Wanted
 * @property {string} what as a person calls it
 * @property {string} variable names another binary, and is believed
 * @property {readonly string[]} names on the PATH, best first
 * @property {string} argv0 the name to start it under; empty for its own
 * @property {RegExp} answer what `--version` prints
 * @property {string} package the Debian package that holds it
 * @property {RegExp} beside which packages it runs on are unpacked with it, where the system lacks them
 * @property {string} unpacked where the package has it
 * @property {string} command what a person can run instead
 */

/**
 * A program that runs, and how to start it.
 *
 * @typedef {object} Program
 * @property {string} binary absolute path
 * @property {string} argv0 the name to start it under
 * @property {Record<string, string>} env what it needs in the environment besides
 */

/** Debian's one Redis binary has three names and decides by its own which program it is. */
const redis = {
  what: 'Redis',
  variable: 'IMPASTO_REDIS_BINARY',
  names: ['redis-server', 'redis-check-rdb'],
  argv0: 'redis-server',
  answer: /^Redis server/,
  package: 'redis-tools',
  beside: /^lib/,
  unpacked: 'usr/bin/redis-check-rdb',
  command: 'sudo apt-get install redis-server',
};

const chromium = {
  what: 'Chromium',
  variable: 'IMPASTO_CHROMIUM',
  names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  argv0: '',
  answer: /Chrom/,
  package: 'chromium',
  beside: /^lib|^chromium|^font/,
  unpacked: 'usr/lib/chromium/chromium',
  command: 'sudo apt-get install chromium',
};

/**
 * Redis's server: named by IMPASTO_REDIS_BINARY, on the PATH, unpacked before, or brought here now.
 *
 * @returns {Program}
 * @throws {Stop} with the command to run, where none of that is possible
 */
export function findRedis() {
  const argv0 = process.env.IMPASTO_REDIS_ARGV0 || redis.argv0;
  const binary = find({ ...redis, argv0 }, (folder) => inFolder(redis, folder, argv0));
  const folder = cacheFolder(redis.package);
  const inCache = binary.startsWith(`${folder}/`);
  return { binary, argv0, env: inCache ? { LD_LIBRARY_PATH: libraryPath(folder) } : {} };
}

/** The environment in which tests and measurements find Redis. @throws {Stop} as `findRedis` */
export function redisEnvironment() {
  const { binary, argv0, env } = findRedis();
  return { ...process.env, ...env, IMPASTO_REDIS_BINARY: binary, IMPASTO_REDIS_ARGV0: argv0 };
}

/**
 * Chromium for the page's tests, found in the same ways. Unpacked it is started by a script that knows its libraries.
 *
 * @returns {Program}
 * @throws {Stop} with the command to run
 */
export function findChromium() {
  const binary = find(chromium, (folder) => {
    const starter = join(folder, 'chromium');
    if (existsSync(join(folder, chromium.unpacked))) writeStarter(starter, folder);
    return answers(chromium, starter, starter) ? starter : undefined;
  });
  return { binary, argv0: binary, env: {} };
}

/**
 * @param {Wanted} wanted
 * @param {(folder: string) => string | undefined} within the binary in an unpacked folder, if it is there and runs
 * @returns {string}
 */
function find(wanted, within) {
  const named = process.env[wanted.variable];
  if (named) return given(wanted, named);
  const folder = cacheFolder(wanted.package);
  const here = onPath(wanted) ?? within(folder) ?? playwrights(wanted);
  if (here) return here;
  const run = `Run this, then start again: ${wanted.command}`;
  if (!canInstall()) {
    throw new Stop(
      `${wanted.what} is missing, and can be fetched by itself on Debian and Ubuntu only. Install it by this system’s own means, or name its program in ${wanted.variable}.`,
    );
  }
  const installed = process.getuid?.() === 0 && install(wanted) === 'done';
  const brought = installed ? 'done' : unpack(wanted, folder);
  if (brought !== 'done') throw new Stop(`${wanted.what} is missing: ${brought}. ${instead(wanted, run)}`);
  const now = onPath(wanted) ?? within(folder);
  if (now) return now;
  throw new Stop(`${wanted.what} was fetched, but does not start. ${run}`);
}

/** Ubuntu has Chromium as a snap only, which a test can't drive; its driver's own build does as well. */
function instead(wanted, run) {
  const another =
    wanted === chromium ? ', or on Ubuntu: npx playwright-core install --with-deps chromium' : '';
  return `${run}${another}`;
}

function given(wanted, named) {
  const paths = named.includes('/') ? [resolve(named)] : pathsOf(named);
  const binary = paths.find((path) => answers(wanted, path, wanted.argv0 || path));
  if (binary) return binary;
  throw new Stop(`${wanted.variable} is ${named}, which is not a ${wanted.what} that starts.`);
}

function onPath(wanted) {
  return wanted.names.flatMap(pathsOf).find((path) => answers(wanted, path, wanted.argv0 || path));
}

function pathsOf(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => resolve(folder, name)).filter((path) => existsSync(path));
}

function inFolder(wanted, folder, argv0) {
  const binary = join(folder, wanted.unpacked);
  const runs = existsSync(binary) && answers(wanted, binary, argv0, { LD_LIBRARY_PATH: libraryPath(folder) });
  return runs ? binary : undefined;
}

function playwrights(wanted) {
  if (wanted !== chromium) return undefined;
  const path = createRequire(import.meta.url)('playwright-core').chromium.executablePath();
  return existsSync(path) && answers(wanted, path, path) ? path : undefined;
}

function answers(wanted, binary, argv0, env = {}) {
  const options = { argv0, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 60_000 };
  const { status, stdout } = spawnSync(binary, ['--version'], options);
  return status === 0 && wanted.answer.test(stdout);
}

/** Where a package is unpacked. */
export function cacheFolder(name) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'impasto', name);
}

/** The unpacked folders that hold libraries, before what is set already. */
export function libraryPath(folder) {
  const own = ['usr/lib', 'lib'].flatMap((top) => libraryFolders(join(folder, top)));
  return [...own, process.env.LD_LIBRARY_PATH ?? ''].filter((path) => path !== '').join(delimiter);
}

function libraryFolders(top) {
  if (!existsSync(top)) return [];
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.so(\.|$)/.test(file),
  );
  return [...new Set(files.map((file) => dirname(join(top, file))))].sort();
}

/** Fonts too come from the folder, where the system has none. */
function writeStarter(file, folder) {
  if (existsSync(file) && statSync(file).size > 0) return;
  const fonts = existsSync('/etc/fonts/fonts.conf') ? '' : `FONTCONFIG_SYSROOT=${quoted(folder)} `;
  const start = `LD_LIBRARY_PATH=${quoted(libraryPath(folder))} ${fonts}exec ${quoted(join(folder, chromium.unpacked))} "$@"`;
  writeFileSync(file, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
