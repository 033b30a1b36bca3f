import { rm } from 'node:fs/promises';
import { afterEach, beforeEach } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/queue/private-redis.ts';
import { createProgram, type Part } from '../cli/program.ts';
import { eventually, memoryLog, redisBinary, temporaryFolder } from '../queue/support.ts';
import { processesNaming } from './proc.ts';

/** How long anything may take here: the machine may be busy with something else. */
export const LIMIT_MS = 120_000;

/** The whole program as its processes: a persistent Redis, a bot, a worker; each may be killed and started again. */
export interface Bots {
  /** Start the bot and wait until it takes events. */
  startBot(): Promise<Part>;
  /** Start a worker and wait until it takes pictures. */
  startWorker(): Promise<Part>;
  /** End the one process whose turn it is, as a power cut would. */
  kill(part: Part): Promise<void>;
  /** End Redis, as a power cut would. */
  killRedis(): Promise<void>;
  /** Start it again on what it has kept. */
  startRedis(): Promise<void>;
  /** All that the processes have said so far. */
  said(): string;
}

/**
 * One platform's bot, as whoever runs it starts it: by its settings alone.
 * @param platform as in `impasto bot discord`
 * @param settings of the peer that stands for the platform; asked for at each start
 */
export function useBots(
  platform: 'discord' | 'slack',
  settings: () => Readonly<Record<string, string>>,
): Bots {
  let state = '';
  let redis: PrivateRedis | undefined;
  let parts: Part[] = [];
  const program = createProgram(() => ({
    HOME: state,
    IMPASTO_STATE: state,
    REDIS_URL: redis?.url ?? '',
    LOG_LEVEL: 'info',
    THREADS: '1',
    ...settings(),
  }));

  async function startRedis(): Promise<void> {
    redis = await startPrivateRedis({
      binary: redisBinary,
      folder: `${state}/redis`,
      persistence: 'everysec',
      maxMemoryBytes: 512 * 1024 ** 2,
      log: memoryLog(),
    });
  }

  async function start(args: readonly string[], greeting: string): Promise<Part> {
    const part = program.run(args);
    parts.push(part);
    const ended = part.ended().then(() => {
      if (!part.said().includes(greeting)) throw new Error(`${args.join(' ')} ended: ${part.said()}`);
    });
    await Promise.race([ended, eventually(() => part.said().includes(greeting), LIMIT_MS)]);
    return part;
  }

  beforeEach(async () => {
    state = temporaryFolder();
    await startRedis();
  });
  afterEach(async () => {
    await program.endAll();
    parts = [];
    await redis?.stop();
    for (const { pid } of processesNaming(state)) process.kill(pid, 'SIGKILL');
    await eventually(() => processesNaming(state).length === 0, LIMIT_MS);
    await rm(state, { recursive: true });
  });

  return {
    startBot: () => start(['bot', platform], 'The bot is on'),
    startWorker: () => start(['worker'], 'The worker waits'),
    kill: async (part) => {
      await part.end('SIGKILL');
    },
    killRedis: async () => {
      if (redis === undefined) throw new Error('no Redis runs');
      process.kill(redis.pid, 'SIGKILL');
      await redis.exited;
    },
    startRedis,
    said: () => parts.map((part) => part.said()).join('\n'),
  };
}
