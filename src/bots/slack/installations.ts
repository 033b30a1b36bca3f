import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ImpastoError } from '../../errors.ts';
import { answered, PREFIX, redisAway } from '../../queue/redis.ts';
import type { Sealer } from '../../queue/secrets.ts';
import { isCoded } from './errors.ts';
import { toJson } from './where.ts';

/**
 * Who has installed the app, with their tokens: in Redis, sealed, until they remove it; and for a short while, for those
 * that were heard of last, in this process.
 */
export interface Installations extends InstallationStore {
  deleteInstallation(query: InstallationQuery<boolean>): Promise<void>;
  /** Seal all that were sealed under an earlier secret anew; how many there were, and how many can't be read at all. */
  renewAll(): Promise<{ readonly renewed: number; readonly unreadable: number }>;
}

/** What bolt reads of an installation; all else is kept as it came. */
const installation = z.looseObject({
  team: z.looseObject({ id: z.string() }).optional(),
  enterprise: z.looseObject({ id: z.string() }).optional(),
  user: z.looseObject({ id: z.string() }),
  bot: z
    .looseObject({ token: z.string(), id: z.string(), userId: z.string(), scopes: z.array(z.string()) })
    .optional(),
  isEnterpriseInstall: z.boolean().optional(),
});

/** One installation as this process knows it. */
interface Known {
  readonly installation: Installation<'v1' | 'v2', boolean>;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** For so long it is not asked about again: a workspace that is busy need not wait for Redis at every word. */
const FRESH_MS = 10_000;
/** For so long it is good enough where Redis does not answer, which is waited for no longer than `PATIENCE_MS`. */
const STALE_MS = 3600_000;
const PATIENCE_MS = 500;
/** Where nothing is known yet: there must be time to say so before Slack gives up. */
const LONG_MS = 1_000;
const MOST_KNOWN = 500;

/** KEYS installation; ARGV as it was read, and what takes its place unless somebody has installed anew meanwhile. */
const REPLACE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end`;

/**
 * The installation store that bolt asks. What was sealed under an earlier secret is sealed anew when it is read. What it
 * throws is ImpastoError: `slack-not-installed`, `redis-away`, and what the sealer throws where an installation can't be
 * read.
 */
export function createInstallations(redis: Redis, sealer: Sealer): Installations {
  const known = new LRUCache<string, Known>({ max: MOST_KNOWN, ttl: STALE_MS });
  const keyOf = (id: string): string => `${PREFIX}:slack-installation:${id}`;

  async function read(id: string): Promise<Known> {
    const sealed = await answered(redis, redis.getBuffer(keyOf(id)));
    const opened = sealed === null ? undefined : sealer.open(id, sealed);
    if (!isInstallation(opened)) {
      known.delete(id);
      throw notInstalled(id);
    }
    if (sealed !== null) await renew(id, sealed);
    const found = { installation: opened, since: Date.now() };
    known.set(id, found);
    return found;
  }

  /** True where it was under an earlier secret. */
  async function renew(id: string, sealed: Buffer): Promise<boolean> {
    const renewed = sealer.renew(id, sealed);
    if (renewed === undefined) return false;
    await answered(redis, redis.eval(REPLACE, 1, keyOf(id), sealed, renewed));
    return true;
  }

  async function renewAll(): Promise<{ readonly renewed: number; readonly unreadable: number }> {
    const count = { renewed: 0, unreadable: 0 };
    for await (const keys of redis.scanStream({ match: keyOf('*'), count: 500 })) {
      for (const key of z.array(z.string()).parse(keys)) {
        const sealed = await answered(redis, redis.getBuffer(key));
        if (sealed === null) continue;
        try {
          if (await renew(key.slice(keyOf('').length), sealed)) count.renewed++;
        } catch (error) {
          if (!isCoded(error, 'sealed-unreadable')) throw error;
          count.unreadable++;
        }
      }
    }
    return count;
  }

  return {
    renewAll,
    storeInstallation: async (given) => {
      const id = given.isEnterpriseInstall ? given.enterprise?.id : given.team?.id;
      if (id === undefined) throw notInstalled('an installation without a workspace');
      known.delete(id);
      await answered(redis, redis.set(keyOf(id), sealer.seal(id, toJson(given))));
    },
    fetchInstallation: async (query) => {
      const id = idOf(query);
      const before = known.get(id);
      if (before === undefined) {
        const away = (): never => {
          throw redisAway(redis);
        };
        return (await within(read(id), LONG_MS, away)).installation;
      }
      if (Date.now() - before.since < FRESH_MS) return before.installation;
      // What fails after nobody waits for it any more fails again for whoever asks next.
      const asked = read(id).catch((error: unknown) => {
        if (isCoded(error, 'redis-away')) return before;
        throw error;
      });
      return (await within(asked, PATIENCE_MS, () => before)).installation;
    },
    deleteInstallation: async (query) => {
      const id = idOf(query);
      known.delete(id);
      await answered(redis, redis.del(keyOf(id)));
    },
  };
}

/** What comes of `work`, or of `late` once it has taken too long. */
async function within<T>(work: Promise<T>, ms: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<T>((settle, fail) => {
    timer = setTimeout(() => {
      try {
        settle(late());
      } catch (error) {
        fail(error);
      }
    }, ms);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

function isInstallation(value: unknown): value is Installation<'v1' | 'v2', boolean> {
  return installation.safeParse(value).success;
}

function idOf({ isEnterpriseInstall, enterpriseId, teamId }: InstallationQuery<boolean>): string {
  const id = isEnterpriseInstall ? enterpriseId : teamId;
  if (id === undefined) throw notInstalled('an event of no workspace');
  return id;
}

function notInstalled(id: string): ImpastoError {
  return new ImpastoError({
    code: 'slack-not-installed',
    userMessage: `The app is not installed in ${id}. Open /slack/install to install it.`,
    report: true,
    publicMessage: true,
    data: { workspace: id },
  });
}
