import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PrivateRedis, startPrivateRedis } from '../../src/queue/private-redis.ts';
import { connect } from '../../src/queue/redis.ts';
import { createProgram, type Part } from '../cli/program.ts';
import { eventually, memoryLog, redisBinary, temporaryFolder } from '../queue/support.ts';
import type { Secrets } from '../secrecy.ts';
import { copyModels } from './models.ts';
import { family, processesNaming } from './proc.ts';

/** How long what was killed may take to be gone. */
const GONE_MS = 60_000;

export type Settings = Readonly<Record<string, string>>;

/** A persistent Redis and whatever of the program runs on it, each a process of its own. */
export interface Station {
  /** Start a part of the program, as in `impasto bot discord`. */
  run(args: readonly string[], own?: NodeJS.ProcessEnv): Part;
  /** The folder of the networks that all serve. */
  readonly models: string;
  /** With its password. */
  redisUrl(): string;
  /** The Redis that runs, or ran last. */
  redisPid(): number;
  /** End Redis as a power cut would. */
  killRedis(): Promise<void>;
  /** Start it again with what it has kept. */
  startRedis(): Promise<void>;
  /** What all parts know and nobody may read. */
  readonly secrets: Secrets;
  /** All that the processes have said so far. */
  said(): string;
  close(): Promise<void>;
}

/** @param settings of all parts; asked for at each start */
export async function openStation(settings: () => Settings): Promise<Station> {
  const state = temporaryFolder();
  const models = join(state, 'models');
  await copyModels(models);
  const [password, secret] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  let redis = await startRedis(state, password);
  const parts: Part[] = [];
  const program = createProgram(() => ({
    HOME: state,
    IMPASTO_STATE: state,
    IMPASTO_MODELS: models,
    REDIS_URL: redis.url,
    IMPASTO_SECRET: secret,
    LOG_LEVEL: 'info',
    WORKERS: '1',
    THREADS: '1',
    PERSON_PER_HOUR: '0',
    SERVER_PER_HOUR: '0',
    ...settings(),
  }));
  return {
    run: (args, own) => {
      const part = program.run(args, own);
      parts.push(part);
      return part;
    },
    models,
    redisUrl: () => redis.url,
    redisPid: () => redis.pid,
    killRedis: async () => {
      process.kill(redis.pid, 'SIGKILL');
      await redis.stop();
    },
    startRedis: async () => {
      redis = await startRedis(state, password);
    },
    secrets: { 'Redis’s password': password, 'our secret': secret },
    said: () => parts.map((part) => part.said()).join('\n'),
    close: async () => {
      await program.endAll();
      await redis.stop();
      for (const { pid } of processesNaming(state)) process.kill(pid, 'SIGKILL');
      await eventually(() => processesNaming(state).length === 0, GONE_MS);
      await rm(state, { recursive: true });
    },
  };
}

/** End a process as a power cut does: its children too. */
export async function powerCut({ pid, ended }: Part): Promise<void> {
  for (const each of family(pid)) {
    try {
      process.kill(each.pid, 'SIGKILL');
    } catch (error) {
      // A child may have ended since it was seen.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
  await ended();
}

/** A private Redis needs no password, as nobody else can open its socket; with one it stands for any other Redis. */
async function startRedis(state: string, password: string): Promise<PrivateRedis> {
  const redis = await startPrivateRedis({
    binary: redisBinary,
    folder: join(state, 'redis'),
    persistence: 'everysec',
    maxMemoryBytes: 512 * 1024 ** 2,
    log: memoryLog(),
  });
  const own = connect(redis.url, 'consumer', memoryLog());
  await own.config('SET', 'requirepass', password);
  own.disconnect();
  return { ...redis, url: redis.url.replace('redis+unix://', `redis+unix://:${password}@localhost`) };
}
