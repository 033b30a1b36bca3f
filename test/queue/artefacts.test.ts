import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createArtefacts } from '../../src/queue/artefacts.ts';
import { connect } from '../../src/queue/redis.ts';
import { picture } from './house.ts';
import { eventually, startTestRedis, type TestRedis } from './support.ts';

describe('artefacts', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.close());
  beforeEach(() => redis.clear());

  const store = (ttlSeconds: number, budgetBytes: number) =>
    createArtefacts(redis.connect(), { ttlSeconds, budgetBytes });

  it('come back byte for byte, under the hash of their bytes', async () => {
    const artefacts = store(60, 10_000_000);
    const bytes = randomBytes(300_000);
    const info = await artefacts.put(bytes, picture);
    expect(info).toEqual({
      ...picture,
      hash: createHash('sha256').update(bytes).digest('hex'),
      bytes: 300_000,
    });
    const stored = await artefacts.get(info.hash);
    expect(stored?.info).toEqual(info);
    expect(stored?.bytes.equals(bytes)).toBe(true);
    expect(await artefacts.get('unknown')).toBeUndefined();
    expect(await artefacts.touch('unknown')).toBe(false);
  });

  it('are removed where they are nobody’s, and make room at once', async () => {
    const artefacts = store(60, 1_000);
    const owner = { platform: 'discord', person: 'ada' };
    const [free, owned] = await Promise.all([
      artefacts.put(Buffer.alloc(400, 1), picture),
      artefacts.put(Buffer.alloc(500, 2), picture, owner),
    ]);
    expect(await artefacts.remove(free.hash)).toBe(true);
    expect(await artefacts.remove(free.hash)).toBe(false);
    expect(await artefacts.get(free.hash)).toBeUndefined();
    expect(await artefacts.remove(owned.hash)).toBe(false);
    expect(await artefacts.touch(owned.hash)).toBe(true);
    expect(await artefacts.total()).toBe(500);
    // Whose it is, is told also by one who puts what is there already.
    await artefacts.put(Buffer.alloc(400, 1), picture);
    await artefacts.put(Buffer.alloc(400, 1), picture, owner);
    expect(await artefacts.remove(free.hash)).toBe(false);
  });

  it('are stored and counted once, however often they are put', async () => {
    const artefacts = store(60, 1_000);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => artefacts.put(Buffer.alloc(600, 1), picture)),
    );
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(1);
    expect(await artefacts.total()).toBe(600);
  });

  it('are refused when they would go over the budget, also when many come at once', async () => {
    const artefacts = store(60, 1_000);
    const puts = Array.from({ length: 6 }, (_, i) => artefacts.put(Buffer.alloc(300, i), picture));
    const results = await Promise.allSettled(puts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'storage-full', retryable: true });
      }
    }
    expect(await artefacts.total()).toBe(900);
  });

  it('leave the books when they expire, and make room', async () => {
    const artefacts = store(0.4, 1_000);
    const { hash } = await artefacts.put(Buffer.alloc(900, 1), picture);
    await eventually(async () => (await artefacts.get(hash)) === undefined);
    expect(await artefacts.touch(hash)).toBe(false);
    await artefacts.put(Buffer.alloc(800, 2), picture);
    expect(await artefacts.total()).toBe(800);
    await eventually(async () => (await artefacts.total()) === 0);
    const left = await redis.connect().keys('{impasto}:artefact*');
    expect(left.filter((name) => !name.endsWith('-total'))).toEqual([]);
  });

  it('live on when they are touched or put again', async () => {
    const short = store(0.4, 1_000);
    const long = store(60, 1_000);
    const touched = await short.put(Buffer.alloc(100, 1), picture);
    const again = await short.put(Buffer.alloc(100, 2), picture);
    expect(await long.touch(touched.hash)).toBe(true);
    await long.put(Buffer.alloc(100, 2), picture);
    for (const { hash } of [touched, again]) {
      for (const kind of ['artefact', 'artefact-info']) {
        expect(await redis.connect().pttl(`{impasto}:${kind}:${hash}`)).toBeGreaterThan(30_000);
      }
    }
    expect(await long.total()).toBe(200);
  });

  it('keep right books when one vanishes before its time, or a put breaks off', async () => {
    const artefacts = store(60, 1_000);
    const { hash } = await artefacts.put(Buffer.alloc(900, 1), picture);
    await redis.connect().del(`{impasto}:artefact:${hash}`);
    // Reserved still, so putting it again needs no more room.
    await artefacts.put(Buffer.alloc(900, 1), picture);
    expect(await artefacts.total()).toBe(900);
    await redis.connect().del(`{impasto}:artefact:${hash}`);
    expect(await artefacts.touch(hash)).toBe(false);
    expect(await artefacts.total()).toBe(0);
  });

  it('are refused kindly also when Redis itself is out of memory', async () => {
    const small = await startTestRedis(4_000_000);
    const connection = connect(small.url, 'consumer', small.log);
    try {
      const artefacts = createArtefacts(connection, { ttlSeconds: 60, budgetBytes: 100_000_000 });
      const fill = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) await artefacts.put(randomBytes(500_000), picture);
      };
      await expect(fill()).rejects.toMatchObject({ code: 'storage-full' });
    } finally {
      connection.disconnect();
      await small.close();
    }
  });
});
