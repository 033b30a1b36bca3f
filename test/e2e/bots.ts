import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PrivateRedis, startPrivateRedis } from '../../src/queue/private-redis.ts';
import { createProgram, type Part } from '../cli/program.ts';
import { eventually, memoryLog, redisBinary, temporaryFolder } from '../queue/support.ts';
import { copyModels } from './models.ts';
import { family, processesNaming } from './proc.ts';

/** How long anything may take here: the machine may be busy with something else. */
export const LIMIT_MS = 120_000;

type Settings = Readonly<Record<string, string>>;

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
  startBot(own?: Settings): Promise<void>;
  /** Start a worker and wait until it takes pictures. */
  startWorker(): Promise<void>;
  /** Start a bot that must end by itself, with these settings in place of the usual; undefined takes one away. */
  fail(own?: NodeJS.ProcessEnv): Promise<Failure>;
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
  const state = temporaryFolder();
  const models = join(state, 'models');
  await copyModels(models);
  let redis = await startRedis(state);
  const parts: Part[] = [];
  let bot: Part | undefined;
  let worker: Part | undefined;
  const program = createProgram(() => ({
    HOME: state,
    IMPASTO_STATE: state,
    IMPASTO_MODELS: models,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'info',
    WORKERS: '1',
    THREADS: '1',
    PERSON_PER_HOUR: '0',
    SERVER_PER_HOUR: '0',
    ...settings(),
  }));

  async function start(args: readonly string[], greeting: string, own?: Settings): Promise<Part> {
    const part = program.run(args, own);
    parts.push(part);
    const ended = part.ended().then((code) => {
      if (!part.said().includes(greeting))
        throw new Error(`${args.join(' ')} ended by ${code}: ${part.said()}`);
    });
    await Promise.race([ended, eventually(() => part.said().includes(greeting), LIMIT_MS)]);
    return part;
  }

  return {
    startBot: async (own) => {
      bot = await start(['bot', platform], 'The bot is on', own);
    },
    startWorker: async () => {
      worker = await start(['worker'], 'The worker waits');
    },
    fail: async (own) => {
      const part = program.run(['bot', platform], own);
      parts.push(part);
      return { code: await part.ended(), said: part.said() };
    },
    killBot: async () => {
      await kill(bot);
      bot = undefined;
    },
    killWorker: async () => {
      await kill(worker);
      worker = undefined;
    },
    hold: () => {
      for (const { pid } of family(running(worker).pid)) process.kill(pid, 'SIGSTOP');
    },
    goOn: () => {
      for (const { pid } of family(running(worker).pid)) process.kill(pid, 'SIGCONT');
    },
    loseRedis: async (ms) => {
      process.kill(redis.pid, 'SIGKILL');
      await redis.stop();
      await sleep(ms);
      redis = await startRedis(state);
    },
    said: () => parts.map((part) => part.said()).join('\n'),
    redisUrl: () => redis.url,
    close: async () => {
      await program.endAll();
      await redis.stop();
      for (const { pid } of processesNaming(state)) process.kill(pid, 'SIGKILL');
      await eventually(() => processesNaming(state).length === 0, LIMIT_MS);
      await rm(state, { recursive: true });
    },
  };
}

function startRedis(state: string): Promise<PrivateRedis> {
  return startPrivateRedis({
    binary: redisBinary,
    folder: join(state, 'redis'),
    persistence: 'everysec',
    maxMemoryBytes: 512 * 1024 ** 2,
    log: memoryLog(),
  });
}

function running(part: Part | undefined): Part {
  if (part === undefined) throw new Error('no such process runs');
  return part;
}

/** Its children too, as a power cut does. */
async function kill(part: Part | undefined): Promise<void> {
  const { pid, ended } = running(part);
  for (const each of family(pid)) process.kill(each.pid, 'SIGKILL');
  await ended();
}
