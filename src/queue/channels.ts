import type { Redis } from 'ioredis';
import { unlessAway } from './closing.ts';

type Listener = (text: string) => void;

/** Channels of Redis, each with any number of listeners, on one connection. */
export interface Channels {
  /** Call `listener` with each text that is told in `channel`. @returns the unsubscriber */
  follow(channel: string, listener: Listener): Promise<() => Promise<void>>;
  /** All who follow any channel. */
  listeners(): readonly Listener[];
  /** End the connection. */
  close(): void;
}

/** @param subscriber a connection of its own (`connectTwin`): one that listens to channels can do nothing else */
export function createChannels(subscriber: Redis): Channels {
  const listeners = new Map<string, Set<Listener>>();
  subscriber.on('message', (channel: string, text: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(text);
  });

  return {
    follow: async (channel, listener) => {
      const those = listeners.get(channel) ?? new Set();
      listeners.set(channel, those.add(listener));
      await subscriber.subscribe(channel);
      return async () => {
        those.delete(listener);
        if (those.size > 0 || listeners.get(channel) !== those) return;
        listeners.delete(channel);
        await unlessAway(subscriber, subscriber.unsubscribe(channel));
      };
    },
    listeners: () => [...listeners.values()].flatMap((those) => [...those]),
    close: () => subscriber.disconnect(),
  };
}
