import type { Redis } from 'ioredis';
import { z } from 'zod';
import { PREFIX } from '../../queue/redis.ts';
import type { Json } from '../../queue/request.ts';

const pick = z.object({ source: z.json(), target: z.string() });

/** The pictures behind open pickers: a message that is chosen may be one that the bot cannot look at again. */
export interface Picks {
  keep(id: string, picture: { readonly source: Json; readonly target: string }): Promise<void>;
  /** Undefined once forgotten. */
  read(id: string): Promise<{ readonly source: Json; readonly target: string } | undefined>;
}

export function createPicks(redis: Redis, seconds: number): Picks {
  const key = (id: string): string => `${PREFIX}:discord:pick:${id}`;
  return {
    keep: async (id, picture) => {
      await redis.set(key(id), JSON.stringify(picture), 'EX', seconds);
    },
    read: async (id) => {
      const kept = await redis.get(key(id));
      return kept === null ? undefined : pick.parse(JSON.parse(kept));
    },
  };
}
