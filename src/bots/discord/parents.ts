import { ChannelType, type Client } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Api } from './api.ts';
import { isTrouble } from './api-errors.ts';

/**
 * The channel that a thread is in; undefined for what is no thread, or where that cannot be known.
 * @throws ImpastoError where Discord is away
 */
export type Parents = (channel: string, server: string | undefined) => Promise<string | undefined>;

/** Threads change no channel; one of them in a while is asked for once. */
const MOST_KNOWN = 1_000;

/** The library knows the threads that were open when it came, and those that were opened since; Discord knows all. */
export function createParents(client: Client, api: Pick<Api, 'channel'>): Parents {
  const known = new LRUCache<string, { readonly parent: string | undefined }>({ max: MOST_KNOWN });

  async function ask(id: string): Promise<string | undefined> {
    try {
      const channel = await api.channel(id);
      return isThread(channel) ? (channel.parent_id ?? undefined) : undefined;
    } catch (error) {
      if (isTrouble(error, 'discord-place-gone', 'discord-access-missing', 'discord-permission-missing')) {
        return undefined;
      }
      throw error;
    }
  }

  return async (id, server) => {
    const channel = client.channels.cache.get(id);
    if (channel !== undefined) return channel.isThread() ? (channel.parentId ?? undefined) : undefined;
    if (server === undefined || !client.guilds.cache.has(server)) return undefined;
    const seen = known.get(id) ?? { parent: await ask(id) };
    known.set(id, seen);
    return seen.parent;
  };
}

/** Whether a channel is a thread in another. */
export function isThread({ type }: { readonly type: number }): boolean {
  return (
    type === ChannelType.PublicThread ||
    type === ChannelType.PrivateThread ||
    type === ChannelType.AnnouncementThread
  );
}
