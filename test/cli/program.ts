import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const PROGRAM = resolve('dist/main.js');

/** One process of the built program. */
export interface Part {
  readonly pid: number;
  /** All that it wrote so far, on either stream. */
  readonly said: () => string;
  /** Wait until it ends by itself; its exit code. */
  ended(): Promise<number | null>;
  /** Signal this process alone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Interrupt it and its children at once, as a terminal does. */
  ctrlC(): Promise<number | null>;
}

/** Runs parts of the program and ends those that still run. */
export interface Program {
  /** @param env beside what every part finds; undefined takes one away */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Part;
  endAll(): Promise<void>;
}

/** @param env what every part finds in its environment; of this process's own it gets the PATH and no more */
export function createProgram(env: () => Readonly<Record<string, string>>): Program {
  let parts: Part[] = [];
  return {
    run: (args, own = {}) => {
      const part = start(args, { PATH: process.env.PATH ?? '', PORT: '0', ...env(), ...own });
      parts.push(part);
      return part;
    },
    endAll: async () => {
      await Promise.all(parts.map((part) => part.end('SIGKILL')));
      parts = [];
    },
  };
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): Part {
  // A process group of its own stands for the terminal's foreground.
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${process.execPath} did not start`);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const closed = once(child, 'close');
  const ended = async (): Promise<number | null> => {
    await closed;
    return child.exitCode;
  };
  return {
    pid,
    said: () => said,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended();
    },
    ctrlC: () => {
      process.kill(-pid, 'SIGINT');
      return ended();
    },
  };
}
