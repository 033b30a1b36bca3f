import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ImpastoError } from '../../errors.ts';
import { PREFIX } from '../../queue/redis.ts';
import type { Sealer } from '../../queue/secrets.ts';
import { toJson } from './where.ts';

/** Who has installed the app, with their tokens: in Redis, sealed, until they remove it. */
export interface Installations extends InstallationStore {
  deleteInstallation(query: InstallationQuery<boolean>): Promise<void>;
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

/** KEYS installation; ARGV as it was read, and what takes its place unless somebody has installed anew meanwhile. */
const REPLACE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end`;

/**
 * The installation store that bolt asks. What was sealed under an earlier secret is sealed anew when it is read. What it throws is ImpastoError: `slack-not-installed`, and what the sealer
 * throws where an installation can't be read.
 */
export function createInstallations(redis: Redis, sealer: Sealer): Installations {
  const keyOf = (id: string): string => `${PREFIX}:slack-installation:${id}`;

  return {
    storeInstallation: async (given) => {
      const id = given.isEnterpriseInstall ? given.enterprise?.id : given.team?.id;
      if (id === undefined) throw notInstalled('an installation without a workspace');
      await redis.set(keyOf(id), sealer.seal(id, toJson(given)));
    },
    fetchInstallation: async (query) => {
      const id = idOf(query);
      const sealed = await redis.getBuffer(keyOf(id));
      if (sealed === null) throw notInstalled(id);
      const opened = sealer.open(id, sealed);
      if (!isInstallation(opened)) throw notInstalled(id);
      const renewed = sealer.renew(id, sealed);
      if (renewed !== undefined) await redis.eval(REPLACE, 1, keyOf(id), sealed, renewed);
      return opened;
    },
    deleteInstallation: async (query) => {
      await redis.del(keyOf(idOf(query)));
    },
  };
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
    data: { workspace: id },
  });
}
