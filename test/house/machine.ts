import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const scripts = join(import.meta.dirname, '..', '..', 'scripts', 'steps');

/** A machine of its own: the only programs on the PATH are those in `bin`. */
export interface Machine {
  at(path: string): string;
  /** Put a shell script there. */
  program(path: string, body: string): void;
  /** Debian's tools, of which apt-get does as told; the package is in the lists. */
  apt(body: string): void;
  /** Run `code` there; it is given what `step` exports as `exported`, and prints one line of JSON, or ends with 1. */
  run(
    step: string,
    code: string,
    variables?: Readonly<Record<string, string>>,
  ): { readonly printed: string; readonly said: string; readonly status: number | null };
  remove(): void;
}

export function createMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-machine-'));
  mkdirSync(join(folder, 'bin'));
  const at = (path: string): string => join(folder, path);
  const program = (path: string, body: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  };
  return {
    at,
    program,
    apt: (body) => {
      program('bin/apt-get', `[ "$1" = --version ] && exit 0\n${body}`);
      program('bin/apt-cache', 'echo "Filename: pool/redis-tools.deb"');
      program('bin/dpkg-deb', 'exit 0');
    },
    run: (step, code, variables = {}) => {
      const script = `
        const exported = await import(${url(step)});
        const { script } = await import(${url('run.mjs')});
        await script(() => ${code});`;
      const env = { PATH: at('bin'), HOME: folder, XDG_CACHE_HOME: at('cache'), ...variables };
      const args = ['--input-type=module', '-e', script];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
      return { printed: stdout, said: stderr, status };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function url(file: string): string {
  return JSON.stringify(pathToFileURL(join(scripts, file)).href);
}
