import type { Redis } from 'ioredis';
import { createChannels } from '../../queue/channels.ts';
import type { Log } from '../../queue/log.ts';
import { connectTwin, tellsOfConnection } from '../../queue/redis.ts';

/** Tells of changes made by any process. */
export interface Watch {
  /** Call `listener` after each change told in `channel`, and whenever one may have been missed. */
  follow(channel: string, listener: () => void): Promise<() => void>;
  close(): void;
}

/** @param redis a connection to make another of: one that listens to channels can do nothing else */
export function createWatch(redis: Redis, log: Log): Watch {
  const subscriber = connectTwin(redis);
  const channels = createChannels(subscriber);
  subscriber.on('error', (error: Error) => {
    if (tellsOfConnection(subscriber, error)) return;
    log.warn({ err: error }, 'Changes of threads may be seen late');
  });
  // What was told while the connection was down has not been heard.
  subscriber.on('ready', () => {
    for (const listener of channels.listeners()) listener('');
  });

  return {
    follow: async (channel, listener) => {
      const leave = await channels.follow(channel, () => listener());
      return () => {
        leave().catch((error: unknown) => {
          log.warn({ err: error }, 'A channel nobody listens to could not be left');
        });
      };
    },
    close: () => channels.close(),
  };
}
