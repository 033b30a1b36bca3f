import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createArtefacts } from '../../../src/queue/artefacts.ts';
import { eventually, statesIn } from '../../queue/support.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

/** By docs/operating.md, “Sizing”. */
const RECORD_BYTES = 4 * 1024;
const DAY = 24 * 3600;
const ARTEFACT_SHARE = 1.2;

async function used(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

/** What Redis has to spare once these are deleted. */
async function bytesOf(redis: Redis, keys: readonly string[]): Promise<number> {
  const before = await used(redis);
  await redis.del(...keys);
  return before - (await used(redis));
}

it('a finished request leaves no more beside its pictures than the manual says, for a day', async () => {
  const { peer, redis } = await open();
  const own = redis.connect();
  const channel = await peer.channel();
  const asked = 60;
  for (let i = 0; i < asked; i++) {
    const raw = { width: 16, height: 12, channels: 3 } as const;
    const bytes = await sharp(randomBytes(16 * 12 * 3), { raw })
      .png()
      .toBuffer();
    await (await peer.user()).mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.png', bytes }],
    });
  }
  await eventually(async () => {
    const states = await statesIn(redis);
    return states.length === asked && states.every((state) => state === 'answered');
  }, 60_000);
  const kept: string[] = [];
  for (const key of await own.keys('*')) {
    const seconds = await own.ttl(key);
    if (seconds > DAY / 2 && seconds <= 3 * DAY) kept.push(key);
  }
  expect(new Set(kept.map((key) => key.split(':')[1]))).toEqual(
    new Set(['request', 'notes', 'result', 'asked']),
  );
  const each = (await bytesOf(own, kept)) / asked;
  expect(each).toBeLessThan(RECORD_BYTES);
  expect(each).toBeGreaterThan(RECORD_BYTES / 2);
}, 90_000);

it('pictures take no more of Redis than the manual says, beyond their own bytes', async () => {
  const { redis } = await open({ asleep: true, idle: true });
  const own = redis.connect();
  const artefacts = createArtefacts(own, { ttlSeconds: 600, budgetBytes: 200_000_000 });
  const before = await used(own);
  const owner = { platform: 'slack', person: 'T1.U1' };
  let bytes = 0;
  for (let i = 0; i < 150; i++) {
    const size = Math.round(20_000 * 1.028 ** i);
    bytes += size;
    await artefacts.put(randomBytes(size), { contentType: 'image/png', width: 1, height: 1 }, owner);
  }
  const share = ((await used(own)) - before) / bytes;
  expect(share).toBeLessThan(ARTEFACT_SHARE);
}, 60_000);
