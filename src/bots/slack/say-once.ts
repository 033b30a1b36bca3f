import type { Redis } from 'ioredis';
import { createLease } from '../../queue/lease.ts';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';
import { type Hints, hintsBy, type Saying } from './answer/hints.ts';
import type { Where } from './where.ts';

/** Saying something takes less; and whoever died while at it has left it to Slack's next try, a minute later. */
const LEASE_MS = 30_000;
/** Slack brings an event again for so long at most. */
const SAID_SECONDS = 2 * 3600;

/** Hints that are said once for one event, however often Slack brings it and to however many processes. */
export function sayOnce(hints: Hints, redis: Redis, log: Log): Hints {
  async function say(where: Where, saying: Saying): Promise<void> {
    const { event, workspace } = where;
    if (event === undefined) return await hints.say(where, saying);
    const key = `${PREFIX}:slack-said:${workspace.team}:${event}`;
    const lease = createLease(redis, key);
    // Rather twice than never: that Redis is away is itself something to be said.
    if ((await remembering(() => lease.take(LEASE_MS))) === false) return;
    try {
      await hints.say(where, saying);
    } catch (error) {
      await remembering(() => lease.release());
      throw error;
    }
    await remembering(() => redis.set(key, 'said', 'EX', SAID_SECONDS));
  }

  async function remembering<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      log.warn({ err: error }, 'What was said for an event could not be remembered');
      return undefined;
    }
  }

  return hintsBy(say, log);
}
