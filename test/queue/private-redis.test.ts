import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/queue/private-redis.ts';
import { connect } from '../../src/queue/redis.ts';
import { eventually, memoryLog, redisBinary, temporaryFolder } from './support.ts';

describe('a private Redis', () => {
  let folder: string;
  let running: PrivateRedis[];
  const log = memoryLog();

  beforeEach(() => {
    folder = temporaryFolder();
    running = [];
  });
  afterEach(async () => {
    for (const server of running) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(at = folder, persistence: 'everysec' | 'none' = 'everysec'): Promise<PrivateRedis> {
    const server = await startPrivateRedis({ binary: redisBinary, folder: at, persistence, log });
    running.push(server);
    return server;
  }

  async function withRedis<T>(
    url: string,
    work: (redis: ReturnType<typeof connect>) => Promise<T>,
  ): Promise<T> {
    const redis = connect(url, 'producer', log);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  it('keeps its data from one start to the next', async () => {
    const first = await start();
    await withRedis(first.url, (redis) => redis.set('word', 'impasto'));
    await first.stop();
    const second = await start();
    expect(await withRedis(second.url, (redis) => redis.get('word'))).toBe('impasto');
  });

  it('opens no port, to no other user, and never evicts', async () => {
    const { url } = await start();
    expect(statSync(join(folder, 'redis.sock')).mode & 0o777).toBe(0o700);
    const settings = await withRedis(url, async (redis) => [
      await redis.config('GET', 'port'),
      await redis.config('GET', 'maxmemory-policy'),
      await redis.config('GET', 'appendfsync'),
    ]);
    expect(JSON.stringify(settings)).toContain('noeviction');
    expect(JSON.stringify(settings)).toContain('everysec');
    expect(JSON.stringify(settings[0])).toMatch(/"port".*"0"/);
  });

  it('leaves neither socket, lock nor process behind', async () => {
    const server = await start();
    await server.stop();
    await server.stop();
    expect(readdirSync(folder).filter((name) => name !== 'appendonlydir')).toEqual([]);
    expect(() => process.kill(server.pid, 0)).toThrow();
  });

  it('refuses a folder on which another one lives, and says how to join it', async () => {
    const first = await start();
    const error = await start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'redis-in-use', data: { url: first.url } });
    expect(error).toMatchObject({ userMessage: expect.stringMatching(/REDIS_URL=.* IMPASTO_STATE/) });
    expect(await withRedis(first.url, (redis) => redis.ping())).toBe('PONG');
  });

  it('ends the Redis of a killed run and takes over what it held', async () => {
    const script = join(folder, 'run.mts');
    const source = join(import.meta.dirname, '../../src/queue/private-redis.ts');
    writeFileSync(
      script,
      `import { startPrivateRedis } from ${JSON.stringify(source)};
       const log = { info() {}, warn() {}, error() {} };
       const { url, pid } = await startPrivateRedis({ binary: ${JSON.stringify(redisBinary)},
         folder: ${JSON.stringify(folder)}, persistence: 'everysec', log });
       process.stdout.write(JSON.stringify({ url, pid }));`,
    );
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise<string>((settle) => child.stdout.setEncoding('utf8').once('data', settle));
    const { url, pid }: { url: string; pid: number } = JSON.parse(said);
    await withRedis(url, (redis) => redis.set('word', 'survives'));
    const killed = new Promise((settle) => child.once('exit', settle));
    child.kill('SIGKILL');
    await killed;
    expect(() => process.kill(pid, 0)).not.toThrow();

    const next = await start();
    expect(await withRedis(next.url, (redis) => redis.get('word'))).toBe('survives');
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it('of several starts at once, lets one have the folder', async () => {
    const results = await Promise.allSettled([start(), start(), start()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('takes over a lock whose process number now belongs to someone else', async () => {
    const owner = { pid: process.pid, started: 'never' };
    writeFileSync(join(folder, 'impasto.lock'), JSON.stringify({ owner, redis: owner }));
    const { url } = await start();
    expect(await withRedis(url, (redis) => redis.ping())).toBe('PONG');
  });

  it('finds a shorter place for the socket of a folder with a long path', async () => {
    const deep = join(folder, 'a'.repeat(90), 'b'.repeat(90));
    const { url, stop } = await start(deep);
    expect(await withRedis(url, (redis) => redis.ping())).toBe('PONG');
    expect(Buffer.byteLength(new URL(url).pathname)).toBeLessThan(108);
    await stop();
    expect(existsSync(new URL(url).pathname)).toBe(false);
    rmSync(join(new URL(url).pathname, '..'), { recursive: true });
  });

  it('says in a sentence that its data are damaged, and leaves them as they are', async () => {
    const { url, stop } = await start();
    await withRedis(url, async (redis) => {
      for (let i = 0; i < 20; i++) await redis.set(`key-${i}`, 'x'.repeat(50));
    });
    await stop();
    const file = join(folder, 'appendonlydir', 'appendonly.aof.1.incr.aof');
    const bytes = readFileSync(file).fill(0x58, 300, 360);
    writeFileSync(file, bytes);
    await expect(start()).rejects.toMatchObject({ code: 'redis-data-damaged', data: { folder } });
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('says that there is no Redis where there is none', async () => {
    const binary = join(folder, 'no-redis');
    const started = startPrivateRedis({ binary, folder, persistence: 'none', log });
    await expect(started).rejects.toMatchObject({ code: 'redis-missing' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('passes on the last words of a server that does not start', async () => {
    mkdirSync(join(folder, 'redis.sock'));
    await expect(start()).rejects.toThrow();
    rmSync(join(folder, 'redis.sock'), { recursive: true });
    const started = startPrivateRedis({
      binary: redisBinary,
      folder,
      persistence: 'none',
      maxMemoryBytes: Number.NaN,
      log,
    });
    const error = await started.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'redis-not-started' });
    expect(String(error)).toMatch(/maxmemory|argument|config/i);
  });

  it('tells the log when it ends by itself', async () => {
    const server = await start(folder, 'none');
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    await eventually(() =>
      log.lines.some(({ level, message }) => level === 'error' && message.includes('ended')),
    );
  });
});
