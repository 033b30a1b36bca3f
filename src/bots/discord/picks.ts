import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { OptionValue } from '../../commands/command.ts';
import { PREFIX } from '../../queue/redis.ts';
import type { Json } from '../../queue/request.ts';

/** What an open picker is about: its pictures, and the options that were set so far. */
export interface Pick {
  readonly source: Json;
  readonly target: string;
  readonly options: Readonly<Record<string, OptionValue>>;
}

const pick: z.ZodType<Pick> = z.object({
  source: z.json(),
  target: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** The pictures behind open pickers: a message that is chosen may be one that the bot cannot look at again. */
export interface Picks {
  keep(id: string, picked: Pick): Promise<void>;
  /** Undefined once forgotten. */
  read(id: string): Promise<Pick | undefined>;
}

export function createPicks(redis: Redis, seconds: number): Picks {
  const key = (id: string): string => `${PREFIX}:discord:pick:${id}`;
  return {
    keep: async (id, picked) => {
      await redis.set(key(id), JSON.stringify(picked), 'EX', seconds);
    },
    read: async (id) => {
      const kept = await redis.get(key(id));
      return kept === null ? undefined : pick.parse(JSON.parse(kept));
    },
  };
}
