import type { Redis } from 'ioredis';
import type { Log } from '../../queue/log.ts';

/** Tells of changes made by any process. */
export interface Watch {
  /** Call `listener` after each change told in `channel`, and whenever one may have been missed. */
  follow(channel: string, listener: () => void): Promise<() => void>;
  close(): void;
}

/** @param redis a connection to make another of: one that listens to channels can do nothing else */
export function createWatch(redis: Redis, log: Log): Watch {
  const listeners = new Map<string, Set<() => void>>();
  const subscriber = redis.duplicate({ maxRetriesPerRequest: null, commandTimeout: undefined });
  subscriber.on('error', (error: Error) => log.warn({ err: error }, 'Changes of threads may be seen late'));
  subscriber.on('message', (channel: string) => {
    for (const listener of listeners.get(channel) ?? []) listener();
  });
  // What was told while the connection was down has not been heard.
  subscriber.on('ready', () => {
    for (const those of listeners.values()) for (const listener of those) listener();
  });

  return {
    follow: async (channel, listener) => {
      const those = listeners.get(channel) ?? new Set();
      listeners.set(channel, those.add(listener));
      await subscriber.subscribe(channel);
      return () => {
        those.delete(listener);
        if (those.size > 0 || listeners.get(channel) !== those) return;
        listeners.delete(channel);
        subscriber.unsubscribe(channel).catch((error: unknown) => {
          log.warn({ err: error }, 'A channel nobody listens to could not be left');
        });
      };
    },
    close: () => subscriber.disconnect(),
  };
}
