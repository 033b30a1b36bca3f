import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLimits, type Limits, type Share } from '../../src/queue/limits.ts';
import { startTestRedis, type TestRedis } from './support.ts';

const HOUR = 3_600_000;
const ada: Share = { platform: 'discord', person: 'ada', server: 'guild-1' };
const three = { personPerHour: 3, serverPerHour: 0 };

describe('limits', () => {
  let redis: TestRedis;
  let limits: Limits;
  beforeAll(async () => {
    redis = await startTestRedis();
    limits = createLimits(redis.connect('producer'));
  });
  beforeEach(() => redis.clear());
  afterAll(() => redis.close());

  const take = async (share: Share, allowed: Parameters<Limits['take']>[1], times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await limits.take(share, allowed);
  };

  /** As if all that was taken had been taken `ms` earlier. */
  async function age(ms: number): Promise<void> {
    const connection = redis.connect();
    for (const key of await connection.keys('{impasto}:share:*')) {
      for (const ticket of await connection.zrange(key, 0, '-1')) await connection.zincrby(key, -ms, ticket);
    }
  }

  it('refuse a person what is too much, and say until when', async () => {
    const before = Date.now();
    await take(ada, three, 3);
    const error = await limits.take(ada, three).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'limit-person', retryable: false, data: { limit: 3 } });
    expect(error).toMatchObject({ userMessage: expect.stringMatching(/3 is the most.*60 minutes/) });
    const { until } = (error as { data: { until: number } }).data;
    expect(until).toBeGreaterThanOrEqual(before + HOUR);
    expect(until).toBeLessThanOrEqual(Date.now() + HOUR);
  });

  it('free one after the other, an hour after each was taken', async () => {
    await take(ada, three, 2);
    await age(HOUR / 2);
    await take(ada, three);
    await age(HOUR / 2 + 1_000);
    await take(ada, three, 2);
    const error = await limits.take(ada, three).catch((reason: unknown) => reason);
    const { until } = (error as { data: { until: number } }).data;
    // The next to go is the one that was taken half an hour after the first.
    expect(until).toBeGreaterThan(Date.now() + HOUR / 2 - 60_000);
    expect(until).toBeLessThan(Date.now() + HOUR / 2);
  });

  it('say when one is free under a limit that was lowered', async () => {
    await take(ada, { personPerHour: 0, serverPerHour: 0 }, 2);
    await age(HOUR / 2);
    await take(ada, { personPerHour: 0, serverPerHour: 0 }, 2);
    const lowered = limits.take(ada, { personPerHour: 1, serverPerHour: 0 });
    const error = await lowered.catch((reason: unknown) => reason);
    const { until } = (error as { data: { until: number } }).data;
    expect(until).toBeGreaterThan(Date.now() + HOUR - 60_000);
  });

  it('count a server’s people together, and nobody’s twice', async () => {
    const allowed = { personPerHour: 2, serverPerHour: 3 };
    await take(ada, allowed, 2);
    await expect(limits.take(ada, allowed)).rejects.toMatchObject({ code: 'limit-person' });
    const grace = { ...ada, person: 'grace' };
    await take(grace, allowed);
    await expect(limits.take(grace, allowed)).rejects.toMatchObject({
      code: 'limit-server',
      data: { limit: 3 },
    });
    // What the server refused is not on the person's account: elsewhere there is one left.
    await take({ ...grace, server: 'guild-2' }, allowed);
    await expect(limits.take({ ...grace, server: 'guild-2' }, allowed)).rejects.toMatchObject({
      code: 'limit-person',
    });
    // Other platforms have people of the same name.
    await take({ ...ada, platform: 'slack' }, allowed, 2);
  });

  it('take back what was no request', async () => {
    const allowed = { personPerHour: 1, serverPerHour: 1 };
    await take(ada, allowed);
    await limits.giveBack(ada);
    await take(ada, allowed);
    await expect(limits.take(ada, allowed)).rejects.toMatchObject({ code: 'limit-person' });
    await limits.giveBack({ platform: 'discord', person: 'nobody' });
  });

  it('let exactly as many through as there are, however many ask at once', async () => {
    const asked = Array.from({ length: 20 }, () => limits.take(ada, { personPerHour: 7, serverPerHour: 0 }));
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
  });

  it('are no limits at 0, and leave nothing behind after an hour', async () => {
    await take({ platform: 'slack', person: 'ada' }, { personPerHour: 0, serverPerHour: 0 }, 30);
    const connection = redis.connect();
    const names = await connection.keys('{impasto}:share:*');
    expect(names).toHaveLength(1);
    expect(names.join()).not.toContain('ada');
    for (const name of names) {
      const left = await connection.pttl(name);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(HOUR);
    }
  });
});
