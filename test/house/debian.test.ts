import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMachine, type Machine } from './machine.ts';

const server = '[ "$1" = --version ] && echo "Redis server v=7.0.15"';
const root = process.getuid?.() === 0;

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

describe('finding Redis', () => {
  it('takes what is on the PATH, and brings nothing', () => {
    machine.program('bin/redis-server', server);
    machine.apt('exit 1');
    expect(find()).toEqual({
      found: { binary: machine.at('bin/redis-server'), argv0: 'redis-server', env: {} },
      said: '',
    });
  });

  it('takes the same binary under its other name', () => {
    machine.program('bin/redis-check-rdb', server);
    expect(find().found?.binary).toBe(machine.at('bin/redis-check-rdb'));
  });

  it('believes the variable before the PATH', () => {
    machine.program('bin/redis-server', server);
    machine.program('own/redis', server);
    expect(find({ IMPASTO_REDIS_BINARY: machine.at('own/redis') }).found?.binary).toBe(
      machine.at('own/redis'),
    );
  });

  it('says what is wrong with a variable that names something else', () => {
    machine.program('bin/redis-server', server);
    machine.program('own/redis', 'echo "another program"');
    const { found, said } = find({ IMPASTO_REDIS_BINARY: machine.at('own/redis') });
    expect(found).toBeUndefined();
    expect(said).toBe(
      `IMPASTO_REDIS_BINARY is ${machine.at('own/redis')}, which is not a Redis that starts.\n`,
    );
  });

  it('passes over a program that does not start', () => {
    machine.program('bin/redis-server', 'exit 127');
    machine.program('bin/redis-check-rdb', server);
    expect(find().found?.binary).toBe(machine.at('bin/redis-check-rdb'));
  });

  it('takes what was unpacked before, with its libraries', () => {
    machine.program(
      'cache/impasto/redis-tools/usr/bin/redis-check-rdb',
      `[ -n "$LD_LIBRARY_PATH" ] && ${server}`,
    );
    machine.program('cache/impasto/redis-tools/usr/lib/some-linux/liblzf.so.1', '');
    expect(find()).toEqual({
      found: {
        binary: machine.at('cache/impasto/redis-tools/usr/bin/redis-check-rdb'),
        argv0: 'redis-server',
        env: { LD_LIBRARY_PATH: machine.at('cache/impasto/redis-tools/usr/lib/some-linux') },
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
    machine.program('model', server);
    machine.apt(`case "$*" in
      *install*--simulate*|*--simulate*install*) echo "Inst redis-tools (7)"; echo "Inst liblzf1 (3)"; echo "Inst adduser (1)";;
      *install*) /bin/cp ${machine.at('model')} ${machine.at('bin/redis-check-rdb')};;
      *download*) echo "$*" > ${machine.at('downloaded')}; : > redis-tools.deb;;
    esac`);
    machine.program(
      'bin/dpkg-deb',
      `[ "$1" = -x ] || exit 0; /bin/mkdir -p "$3/usr/bin"; /bin/cp ${machine.at('model')} "$3/usr/bin/redis-check-rdb"`,
    );
    const { found, said } = find();
    const cache = machine.at('cache/impasto/redis-tools');
    expect(found?.binary).toBe(root ? machine.at('bin/redis-check-rdb') : `${cache}/usr/bin/redis-check-rdb`);
    expect(said).toBe(
      root
        ? 'Redis is missing; installing it: apt-get install -y -q --no-install-recommends redis-tools\n'
        : `Redis is missing; unpacking redis-tools (2 packages) from Debian into ${cache}\n`,
    );
  });

  it('names the command to run where it cannot be brought', () => {
    machine.apt('exit 100');
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
  const code = 'console.log(JSON.stringify(exported.findRedis()))';
  const { printed, said, status } = machine.run('debian.mjs', code, variables);
  expect(status).toBe(printed === '' ? 1 : 0);
  return { found: printed === '' ? undefined : JSON.parse(printed), said };
}
