import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** KEYS lease; ARGV our id, ms. Answers 1 where it is ours from now on. */
const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** KEYS lease; ARGV our id. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/** The right to do something that one process at a time may do. It ends by itself where its holder died. */
export interface Lease {
  /** Take it, or hold it for longer; false where somebody else has it. */
  take(ms: number): Promise<boolean>;
  /** Leave it to others; harmless where it is theirs already. */
  release(): Promise<void>;
}

/** @param own who takes it; whoever gives the same name shares it */
export function createLease(redis: Redis, key: string, own: string = randomUUID()): Lease {
  return {
    take: async (ms) => (await redis.eval(TAKE, 1, key, own, ms)) === 1,
    release: async () => {
      await redis.eval(RELEASE, 1, key, own);
    },
  };
}
