import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../cli/program.ts';
import { eventually } from '../queue/support.ts';
import { family, processes } from './proc.ts';
import { openStation, powerCut, type Settings } from './station.ts';

/** How long anything may take here: the machine may be busy with something else. */
export const LIMIT_MS = 120_000;

/** Settings by which results that are too large are served as links. */
export function linksAt(port: number): Settings {
  return { PUBLIC_URL: `http://127.0.0.1:${port}`, PUBLIC_PORT: String(port) };
}

/** How one start of a bot ended that could not begin. */
export interface Failure {
  readonly code: number | null;
  readonly said: string;
}

/** The whole program as its processes: a persistent Redis, a bot, a worker; each may be killed and started again. */
export interface Bots {
  /** Start the bot and wait until it takes events. */
  startBot(own?: NodeJS.ProcessEnv): Promise<void>;
  /** Start a worker and wait until it takes pictures. */
  startWorker(): Promise<void>;
  /** Start a bot that must end by itself, with these settings in place of the usual; undefined takes one away. */
  fail(own?: NodeJS.ProcessEnv): Promise<Failure>;
  /** Interrupt the bot as a terminal does, with what it has started: all of it has to end by itself. Its exit code. */
  stopBot(): Promise<number | null>;
  /** Kill the bot's first process alone: what it has started has to end by itself. */
  killBotAlone(): Promise<void>;
  /** End it as a power cut would, with what it has started. */
  killBot(): Promise<void>;
  killWorker(): Promise<void>;
  /** Let the worker take nothing more, and go no further, until `goOn`. */
  hold(): void;
  goOn(): void;
  /** Let Redis be gone that long, as by a power cut; it comes back with what it has kept. */
  loseRedis(ms: number): Promise<void>;
  /** All that the processes have said so far. */
  said(): string;
  /** The Redis that all share. */
  redisUrl(): string;
  close(): Promise<void>;
}

/**
 * One platform's bot, as whoever runs it starts it: by its settings alone.
 * @param platform as in `impasto bot discord`
 * @param settings of the peer that stands for the platform; asked for at each start
 */
export async function openBots(platform: 'discord' | 'slack', settings: () => Settings): Promise<Bots> {
  const station = await openStation(settings);
  let bot: Part | undefined;
  let worker: Part | undefined;

  async function start(args: readonly string[], greeting: string, own?: NodeJS.ProcessEnv): Promise<Part> {
    const part = station.run(args, own);
    const ended = part.ended().then((code) => {
      if (!part.said().includes(greeting))
        throw new Error(`${args.join(' ')} ended by ${code}: ${part.said()}`);
    });
    await Promise.race([ended, eventually(() => part.said().includes(greeting), LIMIT_MS)]);
    return part;
  }

  async function endBot(end: (part: Part) => Promise<number | null>): Promise<number | null> {
    const part = running(bot);
    const all = family(part.pid).map(({ pid }) => pid);
    const code = await end(part);
    await eventually(() => !processes().some(({ pid }) => all.includes(pid)), LIMIT_MS);
    bot = undefined;
    return code;
  }

  return {
    startBot: async (own) => {
      bot = await start(['bot', platform], 'The bot is on', own);
    },
    startWorker: async () => {
      worker = await start(['worker'], 'The worker waits');
    },
    fail: async (own) => {
      const part = station.run(['bot', platform], own);
      return { code: await part.ended(), said: part.said() };
    },
    stopBot: () => endBot((part) => part.ctrlC()),
    killBotAlone: async () => {
      await endBot((part) => part.end('SIGKILL'));
    },
    killBot: async () => {
      await powerCut(running(bot));
      bot = undefined;
    },
    killWorker: async () => {
      await powerCut(running(worker));
      worker = undefined;
    },
    hold: () => {
      for (const { pid } of family(running(worker).pid)) process.kill(pid, 'SIGSTOP');
    },
    goOn: () => {
      for (const { pid } of family(running(worker).pid)) process.kill(pid, 'SIGCONT');
    },
    loseRedis: async (ms) => {
      await station.killRedis();
      await sleep(ms);
      await station.startRedis();
    },
    said: station.said,
    redisUrl: station.redisUrl,
    close: station.close,
  };
}

function running(part: Part | undefined): Part {
  if (part === undefined) throw new Error('no such process runs');
  return part;
}
