import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';
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

/** Profiles by person. */
export interface Profiles {
  /** Never fails and never takes long: where Slack does not answer, a person speaks English and manages nothing. */
  of(person: Pick<Where, 'workspace' | 'user'>): Promise<Profile>;
}

/** How long a change of language, or of who manages the workspace, may go unnoticed. */
const SECONDS = 300;
/** A person waits for an answer meanwhile. */
const PATIENCE_MS = 1_000;
const UNKNOWN: Profile = { locale: 'en-US', manages: false, bot: false };
const format: z.ZodType<Profile> = z.object({ locale: z.string(), manages: z.boolean(), bot: z.boolean() });

export function createProfiles(redis: Redis, workspaces: Workspaces, log: Log): Profiles {
  async function read({ workspace, user }: Pick<Where, 'workspace' | 'user'>): Promise<Profile> {
    const key = `${PREFIX}:slack-profile:${workspace.team}:${user}`;
    const kept = await redis.get(key);
    if (kept !== null) return format.parse(JSON.parse(kept));
    const { client } = await workspaces.voice(workspace);
    const { user: found } = await calling('users.info', client.users.info({ user, include_locale: true }));
    const { locale = UNKNOWN.locale, is_admin: admin, is_owner: owner, is_bot: bot = false } = found ?? {};
    const profile = { locale, manages: admin === true || owner === true, bot };
    await redis.set(key, JSON.stringify(profile), 'EX', SECONDS);
    return profile;
  }

  return {
    of: async (person) => {
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<Profile>((settle) => {
        late = setTimeout(() => settle(UNKNOWN), PATIENCE_MS);
      });
      try {
        return await Promise.race([read(person), patience]);
      } catch (error) {
        log.warn({ err: error }, 'A person’s language could not be asked for');
        return UNKNOWN;
      } finally {
        clearTimeout(late);
      }
    },
  };
}
