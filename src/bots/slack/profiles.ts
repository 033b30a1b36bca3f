import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Log } from '../../queue/log.ts';
import { answered, PREFIX } from '../../queue/redis.ts';
import { calling } from './errors.ts';
import type { Where } from './where.ts';
import type { Workspaces } from './workspaces.ts';

/** What the bot must know of a person who asks. */
export interface Profile {
  /** BCP 47, such as `zh-TW`. */
  readonly locale: string;
  /** Admins and owners of the workspace change the bot's settings and may delete its answers. */
  readonly manages: boolean;
  /** Bots are never answered. */
  readonly bot: boolean;
}

/** What is known of a person at once; all but the language may be missing. */
export type Glimpse = Pick<Profile, 'locale'> & Partial<Profile>;

/** Profiles by person. */
export interface Profiles {
  /**
   * The whole truth, however long Slack takes to tell it: whoever may do something, and whoever is a bot, is never guessed.
   * @throws ImpastoError `redis-away`, `slack-not-installed`, and as `calling` does
   */
  of(person: Pick<Where, 'workspace' | 'user'>): Promise<Profile>;
  /** Never fails and never takes long: where Slack does not answer, a person speaks English. */
  glimpse(person: Pick<Where, 'workspace' | 'user'>): Promise<Glimpse>;
}

/** How long a change of language, or of who manages the workspace, may go unnoticed. */
const SECONDS = 300;
/** A person waits for an answer meanwhile. */
const PATIENCE_MS = 1_000;
const LOCALE = 'en-US';
const format: z.ZodType<Profile> = z.object({ locale: z.string(), manages: z.boolean(), bot: z.boolean() });

export function createProfiles(redis: Redis, workspaces: Workspaces, log: Log): Profiles {
  // Whoever waits for the truth after a glimpse waits for the call that is under way.
  const underWay = new Map<string, Promise<Profile>>();

  async function read({ workspace, user }: Pick<Where, 'workspace' | 'user'>, key: string): Promise<Profile> {
    const kept = await answered(redis, redis.get(key));
    if (kept !== null) return format.parse(JSON.parse(kept));
    const { client } = await workspaces.voice(workspace);
    const { user: found } = await calling('users.info', client.users.info({ user, include_locale: true }));
    const { locale = LOCALE, is_admin: admin, is_owner: owner, is_bot: bot = false } = found ?? {};
    const profile = { locale, manages: admin === true || owner === true, bot };
    await answered(redis, redis.set(key, JSON.stringify(profile), 'EX', SECONDS));
    return profile;
  }

  function of(person: Pick<Where, 'workspace' | 'user'>): Promise<Profile> {
    const key = `${PREFIX}:slack-profile:${person.workspace.team}:${person.user}`;
    const reading = underWay.get(key) ?? read(person, key).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  }

  return {
    of,
    glimpse: async (person) => {
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<Glimpse>((settle) => {
        late = setTimeout(() => settle({ locale: LOCALE }), PATIENCE_MS);
      });
      const known = of(person).catch((error: unknown): Glimpse => {
        log.warn({ err: error }, 'A person’s language could not be asked for');
        return { locale: LOCALE };
      });
      try {
        return await Promise.race([known, patience]);
      } finally {
        clearTimeout(late);
      }
    },
  };
}
