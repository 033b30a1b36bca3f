import type { Redis } from 'ioredis';

/** How long closing waits for a Redis that is away. */
const AWAY_MS = 1_000;

/**
 * Await the last words to Redis. A consumer's commands wait until Redis is back, which may be never: where it is away
 * for a second, they are left unsaid. Nothing hangs on them, for locks and leases expire by themselves.
 */
export async function unlessAway(redis: Redis, work: Promise<unknown>): Promise<void> {
  let awaySince: number | undefined;
  let look: NodeJS.Timeout | undefined;
  const away = new Promise<void>((settle) => {
    look = setInterval(() => {
      awaySince = redis.status === 'ready' ? undefined : (awaySince ?? Date.now());
      if (awaySince !== undefined && Date.now() - awaySince >= AWAY_MS) settle();
    }, 50);
  });
  try {
    await Promise.race([work, away]);
  } catch (error) {
    if (redis.status === 'ready') throw error;
  } finally {
    clearInterval(look);
  }
}
