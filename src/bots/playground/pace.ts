import type { Redis } from 'ioredis';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';
import { answered } from '../../queue/redis.ts';

/**
 * Count one post of a session within the current minute. This keeps one busy page in bounds; a stranger may open
 * as many sessions as they like, and is stopped by the queue's own limits.
 * @throws UserError `too-fast`, with `retryAfterSeconds` among its data
 */
export type Pace = (thread: string, kind: string) => Promise<void>;

const COUNT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], 60) end
return { count, redis.call('TTL', KEYS[1]) }`;

/** @param options.prefix stands before every key */
export function createPace(redis: Redis, options: { prefix: string; postsPerMinute: number }): Pace {
  return async (thread, kind) => {
    const key = `${options.prefix}:playground:pace:${kind}:${thread}`;
    const counted = await answered(redis, redis.eval(COUNT, 1, key));
    const [count, wait] = Array.isArray(counted) ? counted.map(Number) : [];
    if (count === undefined || count <= options.postsPerMinute) return;
    throw refuse(en, 'too-fast', { retryAfterSeconds: Math.max(1, wait ?? 60) });
  };
}
