import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Log } from '../../src/queue/log.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/queue/private-redis.ts';
import { connect, type Role } from '../../src/queue/redis.ts';

/** Where the tests find Redis: a path, or a name on the PATH. */
export const redisBinary: string = process.env.IMPASTO_REDIS_BINARY ?? 'redis-server';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly facts: object;
  readonly message: string;
}

/** A log that keeps what it is told, for tests to look at. */
export function memoryLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (facts: object, message: string) => {
    lines.push({ level, facts, message });
  };
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

/** A Redis for one test file, without persistence, in a folder of its own. */
export interface TestRedis {
  readonly url: string;
  readonly pid: number;
  readonly log: Log & { readonly lines: LogLine[] };
  /** A connection that `close` ends. */
  connect(role?: Role): Redis;
  /** Start the next test with nothing stored. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Call in `beforeAll`, and `close` in `afterAll`. */
export async function startTestRedis(maxMemoryBytes: number = 256 * 1024 ** 2): Promise<TestRedis> {
  const folder = temporaryFolder();
  const log = memoryLog();
  const server: PrivateRedis = await startPrivateRedis({
    binary: redisBinary,
    folder,
    persistence: 'none',
    maxMemoryBytes,
    log,
  });
  const connections: Redis[] = [];
  const open = (role: Role = 'consumer'): Redis => {
    const redis = connect(server.url, role, log);
    connections.push(redis);
    return redis;
  };
  const own = open();
  return {
    url: server.url,
    pid: server.pid,
    log,
    connect: open,
    clear: async () => {
      await own.flushall();
    },
    close: async () => {
      for (const redis of connections) redis.disconnect();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The states of all requests that are remembered, sorted. */
export async function statesIn(redis: TestRedis): Promise<readonly string[]> {
  const own = redis.connect();
  const states = await Promise.all(
    (await own.keys('{impasto}:request:*')).map(async (key) => (await own.hget(key, 'state')) ?? ''),
  );
  own.disconnect();
  return states.sort();
}

/** A new folder with a short path, for the caller to remove. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'impasto-test-'));
}

/** Wait until `condition` holds; looks every 10 ms and gives up after `limitMs`. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  limitMs = 8_000,
): Promise<Exclude<T, undefined | false | null>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (isTrue(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${condition.toString()}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

function isTrue<T>(value: T): value is Exclude<T, undefined | false | null> {
  return value !== undefined && value !== false && value !== null;
}
