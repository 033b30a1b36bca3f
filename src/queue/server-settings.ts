import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ImpastoError } from '../errors.ts';
import { keys } from './keys.ts';
import type { ShareLimits } from './limits.ts';
import { answered } from './redis.ts';

/** What a server's managers have decided for it. */
export interface ServerSettings {
  readonly enabled: boolean;
  /** Where it answers; empty for everywhere. */
  readonly channels: readonly string[];
  /** By emoji, the network that it stands for, or an empty string for none; over the catalogue's own. */
  readonly emojis: Readonly<Record<string, string>>;
  /** Meant where none is named. */
  readonly defaultStyle?: string;
  /** Over the program's own. */
  readonly limits: Partial<ShareLimits>;
  /** Answer reactions in a thread made on the message. */
  readonly reactionThreads: boolean;
}

/** The settings of all servers; they never expire. */
export interface ServerSettingsStore {
  /**
   * The defaults where none were set.
   * @throws ImpastoError `server-settings-damaged`, `redis-away`
   */
  read(platform: string, server: string): Promise<ServerSettings>;
  /** @throws ImpastoError `redis-away`; ZodError (a defect) where they are no settings, and nothing is written */
  write(platform: string, server: string, settings: ServerSettings): Promise<void>;
  /** As if nothing had ever been set. @throws ImpastoError `redis-away` */
  remove(platform: string, server: string): Promise<void>;
}

const perHour = z.int().min(0);

/** What a version before this one did not know takes its default. */
const format = z.object({
  enabled: z.boolean().default(true),
  channels: z.array(z.string()).default([]),
  emojis: z.record(z.string(), z.string()).default({}),
  defaultStyle: z.string().exactOptional(),
  limits: z
    .object({ personPerHour: perHour.exactOptional(), serverPerHour: perHour.exactOptional() })
    .default({}),
  reactionThreads: z.boolean().default(false),
});

/** How a server is served whose managers have set nothing. */
export function defaultServerSettings(): ServerSettings {
  return format.parse({});
}

/** What was read; undefined where it is damaged. Throws whatever else reading throws. */
export async function unlessDamaged<S extends ServerSettings | undefined>(
  reading: Promise<S>,
): Promise<S | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ImpastoError && error.code === 'server-settings-damaged') return undefined;
    throw error;
  }
}

/** @param redis a producer's connection, so that a person is not left waiting; it stays the caller's */
export function createServerSettings(redis: Redis): ServerSettingsStore {
  return {
    read: async (platform, server) => {
      const text = await answered(redis, redis.get(keys.serverSettings(platform, server)));
      return text === null ? defaultServerSettings() : parsed(text, platform, server);
    },
    remove: async (platform, server) => {
      await answered(redis, redis.del(keys.serverSettings(platform, server)));
    },
    write: async (platform, server, settings) => {
      const text = JSON.stringify(format.parse(settings));
      await answered(redis, redis.set(keys.serverSettings(platform, server), text));
    },
  };
}

function parsed(text: string, platform: string, server: string): ServerSettings {
  try {
    return format.parse(JSON.parse(text));
  } catch (cause) {
    throw new ImpastoError({
      code: 'server-settings-damaged',
      userMessage: `The settings of server ${server} (${platform}) cannot be read. Set them anew.`,
      report: true,
      publicMessage: 'The settings of this server cannot be read. Ask its managers to set them anew.',
      data: { platform, server },
      cause,
    });
  }
}
