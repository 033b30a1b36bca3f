import type { Redis } from 'ioredis';
import { answered, PREFIX } from '../../../queue/redis.ts';
import { isCoded, rateLimited } from '../errors.ts';
import type { Where } from '../where.ts';

/** What Slack wants to be left alone with, as all processes know. */
export interface Pauses {
  /**
   * Call Slack, unless it has said for how long it will not hear of this; where it says so now, others heed it too.
   * @param what a method, with the workspace or channel that its limit counts for
   * @throws ImpastoError `slack-rate-limited` (retryable), and as `calling` does
   */
  heed<T>(what: string, call: () => Promise<T>): Promise<T>;
}

export function createPauses(redis: Redis): Pauses {
  return {
    heed: async (what, call) => {
      const key = `${PREFIX}:slack-pause:${what}`;
      const leftMs = await answered(redis, redis.pttl(key));
      if (leftMs > 0) throw rateLimited(what, leftMs);
      try {
        return await call();
      } catch (error) {
        if (isCoded(error, 'slack-rate-limited')) {
          const ms = Math.ceil(Number(error.data.retryAfterMs));
          if (ms > 0) await answered(redis, redis.set(key, '', 'PX', ms));
        }
        throw error;
      }
    },
  };
}

/** Edits of messages, which Slack counts by workspace, as `heed` takes them. */
export function edits({ workspace }: Where): string {
  return `chat.update:${workspace.team}`;
}
