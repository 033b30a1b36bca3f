import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { PlaygroundOptions } from '../../../src/bots/playground/playground.ts';
import { startTestRedis, type TestRedis } from '../../queue/support.ts';
import { openPlayground, type PlaygroundHouse } from './support.ts';

/** One Redis for the tests of a file, empty before each, and a playground that is new to each. */
export function usePlayground(change: Partial<PlaygroundOptions> = {}): {
  readonly house: () => PlaygroundHouse;
  readonly redis: () => TestRedis;
} {
  let redis: TestRedis | undefined;
  let house: PlaygroundHouse | undefined;
  const started = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('the playground opens before the first test');
    return thing;
  };
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis?.close());
  beforeEach(async () => {
    await started(redis).clear();
    house = await openPlayground(started(redis), change);
  });
  afterEach(() => house?.close());
  return { house: () => started(house), redis: () => started(redis) };
}
