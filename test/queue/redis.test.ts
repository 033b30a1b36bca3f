import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createQueueContext } from '../../src/queue/context.ts';
import { createPlaces } from '../../src/queue/places.ts';
import { startPrivateRedis } from '../../src/queue/private-redis.ts';
import { addressOf, answered, connect, describeAddress, reach } from '../../src/queue/redis.ts';
import { createRequestQueue } from '../../src/queue/requests.ts';
import { aRequest, quick } from './house.ts';
import { eventually, memoryLog, redisBinary, temporaryFolder } from './support.ts';

describe('an address', () => {
  const log = memoryLog();
  const optionsOf = (url: string) => {
    const redis = connect(url, 'producer', log);
    redis.disconnect();
    return redis.options;
  };

  it('is a host, a socket, or a bare path', () => {
    expect(optionsOf('redis://example.test:7000/2')).toMatchObject({
      host: 'example.test',
      port: 7000,
      db: 2,
    });
    expect(optionsOf('rediss://[::1]')).toMatchObject({ host: '::1', port: 6379, db: 0, tls: {} });
    expect(optionsOf('redis+unix:///run/a%20b/redis.sock?db=1')).toMatchObject({
      path: '/run/a b/redis.sock',
      db: 1,
    });
    expect(optionsOf('/run/redis.sock')).toMatchObject({ path: '/run/redis.sock' });
  });

  it('may hold a login, which is never shown', () => {
    const url = 'redis://impasto:p%40ss@example.test:6379/0';
    expect(optionsOf(url)).toMatchObject({ username: 'impasto', password: 'p@ss' });
    expect(describeAddress(url)).toBe('redis://example.test:6379/0');
  });

  it('that is none is refused with an example', () => {
    for (const url of ['', 'localhost', 'http://example.test', 'redis://host/not-a-number']) {
      expect(() => connect(url, 'producer', log)).toThrow(
        expect.objectContaining({ code: 'redis-address-invalid' }),
      );
    }
  });

  it.each([
    ['http://me:hunter2secret@host', '"http://host/" is no Redis address.'],
    ['redis://:hunter2secret@host:99999', '"redis://…" is no Redis address.'],
    ['redis://:p/hunter2secret@host:6379', '"redis://…" is no Redis address.'],
    ['redis://me:6/hunter2secret@host:6379', '"redis://…" is no Redis address.'],
    ['me:hunter2secret@host', '"me://…" is no Redis address.'],
    [':hunter2secret@host', '"…" is no Redis address.'],
  ])('that can’t be read is refused without its password: %s', (url, sentence) => {
    expect(() => connect(url, 'producer', log)).toThrow(
      expect.objectContaining({ userMessage: expect.stringContaining(sentence) }),
    );
  });

  it('ends its login at the last @', () => {
    const url = 'redis://:p@hunter2secret@example.test:6379/0';
    expect(optionsOf(url)).toMatchObject({ host: 'example.test', password: 'p@hunter2secret' });
    expect(describeAddress(url)).toBe('redis://example.test:6379/0');
  });
});

describe('Redis away', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = () =>
    startPrivateRedis({ binary: redisBinary, folder, persistence: 'everysec', log: memoryLog() });

  it('is said to a person within seconds, and told to the log once', async () => {
    const log = memoryLog();
    const redis = connect('redis://me:secret@127.0.0.1:1/0', 'producer', log);
    try {
      const error = await reach(redis).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'redis-away', retryable: true, data: { address: '127.0.0.1:1' } });
      expect(JSON.stringify([error, log.lines])).not.toContain('secret');
      expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    } finally {
      redis.disconnect();
    }
  });

  it('is not blamed for what Redis answers, nor for our own mistakes', async () => {
    const server = await start();
    const redis = connect(server.url, 'producer', memoryLog());
    try {
      await redis.set('word', 'x');
      const refused = await answered(redis, redis.incr('word')).catch((reason: unknown) => reason);
      expect(refused).toMatchObject({ name: 'ReplyError' });
      const mistake = answered(redis, Promise.reject(new TypeError('ours')));
      await expect(mistake).rejects.toBeInstanceOf(TypeError);
      expect(addressOf(redis)).toBe(join(folder, 'redis.sock'));
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });

  it('refuses requests, and takes them again once it is back, without a new start', async () => {
    const log = memoryLog();
    const url = join(folder, 'redis.sock');
    const redis = connect(url, 'producer', log);
    const context = createQueueContext(redis, log, quick);
    const queue = createRequestQueue(context, createPlaces('a secret of enough bytes'));
    const request = aRequest();
    try {
      await expect(queue.submit(request, {}, 60)).rejects.toMatchObject({ code: 'redis-away' });
      const first = await start();
      await eventually(() => redis.status === 'ready');
      expect(await queue.submit(request, {}, 60)).toEqual({ accepted: true, request: request.id });
      expect(await redis.zcard('{impasto}:intake@playground:prioritized')).toBe(1);
      await first.stop();

      await expect(queue.cancel(request.id, 'ada')).rejects.toMatchObject({ code: 'redis-away' });
      const second = await start();
      await eventually(() => redis.status === 'ready');
      expect(await queue.get(request.id)).toEqual(request);
      expect(await redis.zcard('{impasto}:intake@playground:prioritized')).toBe(1);
      expect(log.lines.some(({ message }) => message === 'Redis is back')).toBe(true);
      await queue.close();
      await context.close();
      redis.disconnect();
      await second.stop();
    } finally {
      redis.disconnect();
    }
  });
});
