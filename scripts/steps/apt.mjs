import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say } from './run.mjs';

/** True where the system has Debian's package tools. */
export function canInstall() {
  return ['apt-get', 'apt-cache', 'dpkg-deb'].every(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined,
  );
}

/**
 * Install a package as root, with the lists of packages fetched where they are missing or have grown old.
 *
 * @param {{ what: string, package: string }} wanted
 * @returns {string} `done`, or why not
 */
export function install(wanted) {
  const command = ['install', '-y', '-q', '--no-install-recommends', wanted.package];
  return fresh(wanted, [], () => {
    say(`${wanted.what} is missing; installing it: apt-get ${command.join(' ')}`);
    return apt(command, { stdio: ['ignore', 2, 2] }) ? 'done' : `apt-get could not install ${wanted.package}`;
  });
}

/**
 * Fetch a package and what it runs on, as far as the system lacks that, and unpack all of it into one folder. Needs no
 * rights; nothing of the system changes, the lists of packages included.
 *
 * @param {{ what: string, package: string, beside: RegExp, backports?: string }} wanted of Debian's release of the name
 * `backports`, where given, what was ported back to it
 * @param {string} folder appears whole or not at all
 * @returns {string} `done`, or why not
 */
export function unpack(wanted, folder) {
  const work = `${folder}.${process.pid}`;
  const lists = join(dirname(folder), wanted.backports ? `apt-${wanted.backports}` : 'apt');
  const own = ['-o', `Dir::State::lists=${join(lists, 'lists')}`, '-o', `Dir::Cache=${join(lists, 'cache')}`];
  try {
    mkdirSync(join(lists, 'lists', 'partial'), { recursive: true });
    mkdirSync(join(lists, 'cache', 'archives', 'partial'), { recursive: true });
    if (wanted.backports) own.push(...fromBackports(wanted.backports, join(lists, 'sources.list')));
    return fresh(wanted, own, (options) => fetchInto(wanted, work, folder, options));
  } catch (error) {
    if (typeof error?.syscall !== 'string') throw error;
    return `${wanted.package} cannot be unpacked (${error.message})`;
  } finally {
    if (existsSync(work)) rmSync(work, { recursive: true });
  }
}

/** The options by which a release and its backports are looked at alone, whatever else the system has. */
function fromBackports(release, file) {
  const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  const suites = [release, `${release}-backports`];
  const lines = suites.map((suite) => `deb ${signed} http://deb.debian.org/debian ${suite} main\n`);
  writeFileSync(file, lines.join(''));
  const sources = ['-o', `Dir::Etc::sourcelist=${file}`, '-o', 'Dir::Etc::sourceparts=-'];
  return [...sources, '-o', `APT::Default-Release=${release}-backports`];
}

function fetchInto(wanted, work, folder, options) {
  const names = lacking(wanted, options);
  const count = names.length === 1 ? 'one package' : `${names.length} packages`;
  say(`${wanted.what} is missing; unpacking ${wanted.package} (${count}) from Debian into ${folder}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'packages'), { recursive: true });
  const packages = join(work, 'packages');
  if (!apt([...options, '-q', 'download', ...names], { cwd: packages, stdio: ['ignore', 'ignore', 2] })) {
    return `apt-get could not download ${wanted.package}`;
  }
  for (const file of readdirSync(packages)) {
    const { status } = spawnSync('dpkg-deb', ['-x', join(packages, file), join(work, 'root')], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) return `dpkg-deb could not unpack ${file}`;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(work, 'root'), folder);
  return 'done';
}

/** The package itself, and of what an installation would bring along whatever it can't start without. */
function lacking(wanted, options) {
  const plan = ['--simulate', '--no-install-recommends', 'install', wanted.package];
  const { stdout } = spawnSync('apt-get', [...options, ...plan], { encoding: 'utf8' });
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
  return [...new Set([wanted.package, ...names.filter((name) => wanted.beside.test(name))])];
}

/** Try with the lists of packages as they are, the system's before our own, and once more after fetching them. */
function fresh(wanted, own, attempt) {
  const systems = wanted.backports ? [] : [[]];
  for (const options of own.length > 0 ? [...systems, own] : systems) {
    if (known(wanted.package, options) && attempt(options) === 'done') return 'done';
  }
  say(`Fetching the lists of packages: apt-get update${own.length > 0 ? ', into the cache folder' : ''}`);
  const update = [...own, '-o', 'APT::Update::Error-Mode=any', '-q', 'update'];
  const updated = apt(update, { stdio: ['ignore', 'ignore', 2] });
  if (!known(wanted.package, own)) {
    return updated
      ? `this system’s packages have no ${wanted.package}`
      : 'the lists of packages could not be fetched';
  }
  return attempt(own);
}

function known(name, options) {
  const { stdout } = spawnSync('apt-cache', [...options, 'show', '--no-all-versions', name], {
    encoding: 'utf8',
  });
  return /^Filename: /m.test(stdout);
}

function apt(args, options) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { ...options, env }).status === 0;
}
