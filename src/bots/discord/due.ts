import type { Redis } from 'ioredis';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';

/** What is to be done at a time, whichever process of the bot runs then. */
export interface Due {
  /** @param at milliseconds since the epoch */
  keep(what: string, at: number): Promise<void>;
  close(): Promise<void>;
}

/** What is due is kept in Redis, and looked for now and then. */
export interface DueOptions {
  readonly redis: Redis;
  /** Names the sorted set in which it is kept. */
  readonly name: string;
  /** How long before its time it is done; 0 where left out. */
  readonly aheadMs?: number;
  readonly lookMs: number;
  /** Do it; false where it is to be tried again at the next look. Several processes may do it at once. */
  readonly settle: (what: string) => Promise<boolean>;
  readonly log: Log;
}

export function startDue({ redis, name, aheadMs = 0, lookMs, settle, log }: DueOptions): Due {
  const key = `${PREFIX}:discord:${name}`;
  let closed = false;
  let current: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const what of await redis.zrangebyscore(key, '-inf', Date.now() + aheadMs)) {
      if (closed) return;
      if (await settle(what)) await redis.zrem(key, what);
    }
  }

  const timer = setInterval(() => {
    current = current.then(look).catch((error: unknown) => {
      if (!closed) log.warn({ name, err: error }, 'Could not see to what is due');
    });
  }, lookMs);

  return {
    keep: async (what, at) => {
      await redis.zadd(key, at, what);
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      await current;
    },
  };
}
