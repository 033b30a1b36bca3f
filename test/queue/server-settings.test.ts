import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServerSettings, type ServerSettings } from '../../src/queue/server-settings.ts';
import { startTestRedis, type TestRedis } from './support.ts';

describe('the settings of servers', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  beforeEach(() => redis.clear());
  afterAll(() => redis.close());

  const defaults: ServerSettings = {
    enabled: true,
    channels: [],
    emojis: {},
    limits: {},
    reactionThreads: false,
  };
  const set: ServerSettings = {
    enabled: false,
    channels: ['c1', 'c2'],
    emojis: { '🌊': 'great-wave', '🎨': '' },
    defaultStyle: 'starry-night',
    limits: { personPerHour: 5 },
    reactionThreads: true,
  };

  it('are the defaults until they are set, and never expire after', async () => {
    const store = createServerSettings(redis.connect('producer'));
    expect(await store.read('discord', 'g1')).toEqual(defaults);
    await store.write('discord', 'g1', set);
    expect(await store.read('discord', 'g1')).toEqual(set);
    expect(await store.read('discord', 'g2')).toEqual(defaults);
    expect(await store.read('slack', 'g1')).toEqual(defaults);
    expect(await redis.connect().ttl('{impasto}:server-settings:discord:g1')).toBe(-1);
    const { defaultStyle: _, ...without } = set;
    await store.write('discord', 'g1', without);
    expect(await store.read('discord', 'g1')).toEqual(without);
  });

  it('of another version are read as far as they are known', async () => {
    const store = createServerSettings(redis.connect('producer'));
    const older = JSON.stringify({ enabled: false, mood: 'blue' });
    await redis.connect().set('{impasto}:server-settings:discord:g1', older);
    expect(await store.read('discord', 'g1')).toEqual({ ...defaults, enabled: false });
  });

  it('that are damaged are no defaults: what managers forbade stays forbidden', async () => {
    const store = createServerSettings(redis.connect('producer'));
    for (const text of ['{', '{"enabled":"no"}', '{"limits":{"personPerHour":-1}}']) {
      await redis.connect().set('{impasto}:server-settings:discord:g1', text);
      await expect(store.read('discord', 'g1')).rejects.toMatchObject({
        code: 'server-settings-damaged',
        report: true,
      });
    }
    await store.write('discord', 'g1', set);
    expect(await store.read('discord', 'g1')).toEqual(set);
  });

  it('are not written where they are none', async () => {
    const store = createServerSettings(redis.connect('producer'));
    await store.write('discord', 'g1', set);
    const wrong = store.write('discord', 'g1', { ...set, limits: { serverPerHour: 1.5 } });
    await expect(wrong).rejects.toThrow('serverPerHour');
    expect(await store.read('discord', 'g1')).toEqual(set);
  });
});
