import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { OptionValue } from '../../commands/command.ts';
import type { PictureReference } from '../../commands/request.ts';
import { PREFIX } from '../../queue/redis.ts';

/** What an open picker is about: its pictures, and the options that were set so far. */
export interface Pick {
  readonly picture: PictureReference;
  readonly options: ReadonlyMap<string, OptionValue>;
}

const pictureFormat: z.ZodType<PictureReference> = z.object({ source: z.json(), target: z.string() });
const optionFormat: z.ZodType<OptionValue> = z.union([z.string(), z.number(), z.boolean()]);

/** The pictures behind open pickers: a message that is chosen may be one that the bot cannot look at again. */
export interface Picks {
  keep(id: string, picture: PictureReference): Promise<void>;
  /** Set one option; false where the picker is forgotten. */
  set(id: string, option: string, value: OptionValue): Promise<boolean>;
  /** Undefined once forgotten. */
  read(id: string): Promise<Pick | undefined>;
}

/** What stands under this name is the picture; under all others, options. */
const PICTURE = 'picture';

export function createPicks(redis: Redis, seconds: number): Picks {
  const key = (id: string): string => `${PREFIX}:discord:pick:${id}`;
  return {
    keep: async (id, picture) => {
      await redis.multi().hset(key(id), PICTURE, JSON.stringify(picture)).expire(key(id), seconds).exec();
    },
    set: async (id, option, value) => {
      if ((await redis.exists(key(id))) === 0) return false;
      // Should it expire in this very moment, what is left has an end of its own.
      await redis.multi().hset(key(id), option, JSON.stringify(value)).expire(key(id), seconds).exec();
      return true;
    },
    read: async (id) => {
      const { [PICTURE]: picture, ...options } = await redis.hgetall(key(id));
      if (picture === undefined) return undefined;
      return {
        picture: pictureFormat.parse(JSON.parse(picture)),
        options: new Map(
          Object.entries(options).map(([name, value]) => [name, optionFormat.parse(JSON.parse(value))]),
        ),
      };
    },
  };
}
