import type { Redis } from 'ioredis';
import type { QueueContext } from './context.ts';
import type { RequestQueue } from './contract.ts';
import { progress as progressFormat } from './formats.ts';
import { keys } from './keys.ts';
import type { Progress } from './request.ts';

type Listener = (progress: Progress) => void;

/** Live progress, as Redis tells it, on one connection for all who listen. */
export interface ProgressNews {
  readonly listen: RequestQueue['onProgress'];
  close(): void;
}

/** The connection is made when somebody first listens. */
export function createProgressNews(context: QueueContext): ProgressNews {
  const listeners = new Map<string, Set<Listener>>();
  let subscriber: Redis | undefined;

  async function listen(platform: string, listener: Listener): Promise<() => Promise<void>> {
    subscriber ??= subscribed();
    const channel = keys.progress(platform);
    const those = listeners.get(channel) ?? new Set();
    listeners.set(channel, those.add(listener));
    await subscriber.subscribe(channel);
    return async () => {
      those.delete(listener);
      if (those.size > 0 || listeners.get(channel) !== those) return;
      listeners.delete(channel);
      await subscriber?.unsubscribe(channel);
    };
  }

  function subscribed(): Redis {
    const connection = context.subscriber();
    connection.on('message', (channel: string, text: string) => {
      for (const listener of listeners.get(channel) ?? []) {
        try {
          listener(progressFormat.parse(JSON.parse(text)));
        } catch (error) {
          context.log.error({ err: error }, 'A listener of progress failed');
        }
      }
    });
    return connection;
  }

  return { listen, close: () => subscriber?.disconnect() };
}
