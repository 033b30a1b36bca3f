import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = join(import.meta.dirname, '..', '..', 'scripts', 'steps');
const server = '[ "$1" = --version ] && echo "Redis server v=7.0.15"';
const root = process.getuid?.() === 0;

/** A machine of its own: the only programs on the PATH are those in `bin`. */
let machine: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'impasto-debian-'));
  mkdirSync(join(machine, 'bin'));
});
afterEach(() => rmSync(machine, { recursive: true }));

describe('finding Redis', () => {
  it('takes what is on the PATH, and brings nothing', () => {
    program('bin/redis-server', server);
    apt('exit 1');
    expect(find()).toEqual({
      found: { binary: at('bin/redis-server'), argv0: 'redis-server', env: {} },
      said: '',
    });
  });

  it('takes the same binary under its other name', () => {
    program('bin/redis-check-rdb', server);
    expect(find().found?.binary).toBe(at('bin/redis-check-rdb'));
  });

  it('believes the variable before the PATH', () => {
    program('bin/redis-server', server);
    program('own/redis', server);
    expect(find({ IMPASTO_REDIS_BINARY: at('own/redis') }).found?.binary).toBe(at('own/redis'));
  });

  it('says what is wrong with a variable that names something else', () => {
    program('bin/redis-server', server);
    program('own/redis', 'echo "another program"');
    const { found, said } = find({ IMPASTO_REDIS_BINARY: at('own/redis') });
    expect(found).toBeUndefined();
    expect(said).toBe(`IMPASTO_REDIS_BINARY is ${at('own/redis')}, which is not a Redis that starts.\n`);
  });

  it('passes over a program that does not start', () => {
    program('bin/redis-server', 'exit 127');
    program('bin/redis-check-rdb', server);
    expect(find().found?.binary).toBe(at('bin/redis-check-rdb'));
  });

  it('takes what was unpacked before, with its libraries', () => {
    program('cache/impasto/redis-tools/usr/bin/redis-check-rdb', `[ -n "$LD_LIBRARY_PATH" ] && ${server}`);
    program('cache/impasto/redis-tools/usr/lib/some-linux/liblzf.so.1', '');
    expect(find()).toEqual({
      found: {
        binary: at('cache/impasto/redis-tools/usr/bin/redis-check-rdb'),
        argv0: 'redis-server',
        env: { LD_LIBRARY_PATH: at('cache/impasto/redis-tools/usr/lib/some-linux') },
      },
      said: '',
    });
  });

  it('says in one sentence that it can bring nothing where there is no apt-get', () => {
    const { found, said } = find();
    expect(found).toBeUndefined();
    expect(said).toMatch(
      /^Redis is missing, and can be fetched by itself on Debian and Ubuntu only\. [^\n]*\n$/,
    );
  });

  it('brings it, having said so, by what this user may do', () => {
    program('model', server);
    apt(`case "$*" in
      *install*--simulate*|*--simulate*install*) echo "Inst redis-tools (7)"; echo "Inst liblzf1 (3)"; echo "Inst adduser (1)";;
      *install*) /bin/cp ${at('model')} ${at('bin/redis-check-rdb')};;
      *download*) echo "$*" > ${at('downloaded')}; : > redis-tools.deb;;
    esac`);
    program(
      'bin/dpkg-deb',
      `[ "$1" = -x ] || exit 0; /bin/mkdir -p "$3/usr/bin"; /bin/cp ${at('model')} "$3/usr/bin/redis-check-rdb"`,
    );
    const { found, said } = find();
    const cache = at('cache/impasto/redis-tools');
    expect(found?.binary).toBe(root ? at('bin/redis-check-rdb') : `${cache}/usr/bin/redis-check-rdb`);
    expect(said).toBe(
      root
        ? 'Redis is missing; installing it: apt-get install -y -q --no-install-recommends redis-tools\n'
        : `Redis is missing; unpacking redis-tools (2 packages) from Debian into ${cache}\n`,
    );
  });

  it('names the command to run where it cannot be brought', () => {
    apt('exit 100');
    const { found, said } = find();
    expect(found).toBeUndefined();
    expect(said.trimEnd().split('\n').at(-1)).toMatch(
      /^Redis is missing: apt-get could not .* Run this, then start again: sudo apt-get install redis-server$/,
    );
    expect(said).not.toMatch(/^ {4}at /m);
  });
});

interface Outcome {
  readonly found: { readonly binary: string; readonly argv0: string; readonly env: object } | undefined;
  /** What a person reads. */
  readonly said: string;
}

function find(variables: Readonly<Record<string, string>> = {}): Outcome {
  const code = `
    const { findRedis } = await import(${url('debian.mjs')});
    const { script } = await import(${url('run.mjs')});
    await script(() => console.log(JSON.stringify(findRedis())));`;
  const env = { PATH: at('bin'), HOME: machine, XDG_CACHE_HOME: at('cache'), ...variables };
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env,
    encoding: 'utf8',
  });
  expect(status).toBe(stdout === '' ? 1 : 0);
  return { found: stdout === '' ? undefined : JSON.parse(stdout), said: stderr };
}

function at(path: string): string {
  return join(machine, path);
}

function url(file: string): string {
  return JSON.stringify(pathToFileURL(join(scripts, file)).href);
}

function program(path: string, body: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** Debian's tools, of which apt-get does as told; the package is in the lists. */
function apt(body: string): void {
  program('bin/apt-get', `[ "$1" = --version ] && exit 0\n${body}`);
  program('bin/apt-cache', 'echo "Filename: pool/redis-tools.deb"');
  program('bin/dpkg-deb', 'exit 0');
}
