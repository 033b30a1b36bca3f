import { GatewayIntentBits } from 'discord-api-types/v10';
import type { Session } from './gateway.ts';
import { channelView } from './news.ts';
import { isThread, permissionsIn } from './permissions.ts';
import { type ChannelRecord, must, type World } from './world.ts';

/**
 * What the twin's answers lack: whether channels are age-restricted, their overwrites, threads, upload limits. Members
 * are left out for a session that did not ask for them.
 */
export function completeGuild<T>(world: World, body: T, session?: Session): T {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) => complete(world, value, session));
}

function complete(world: World, value: unknown, session: Session | undefined): unknown {
  if (!isObject(value) || typeof value.id !== 'string') return value;
  const guild = world.guilds.get(value.id);
  const channel = world.channels.get(value.id);
  if (channel !== undefined && 'type' in value) return { ...value, ...channelView(world, channel) };
  if (guild === undefined || !('owner_id' in value)) return value;
  const limit = guild.uploadLimit / 1024 ** 2;
  const tiered = {
    ...value,
    premium_tier: limit >= 100 ? 3 : limit >= 50 ? 2 : 0,
    preferred_locale: guild.locale,
  };
  if (!('channels' in value)) return tiered;
  const seen = [...world.channels.values()].filter(
    (one) => one.guildId === guild.id && (permissionsIn(world, one, world.botId) & 1024n) !== 0n,
  );
  const view = (one: ChannelRecord): object => channelView(world, one);
  const all = session !== undefined && (session.intents & GatewayIntentBits.GuildMembers) !== 0;
  const members = Array.isArray(value.members) ? value.members : [];
  return {
    ...tiered,
    channels: seen.filter((one) => !isThread(one)).map(view),
    threads: seen.filter((one) => isThread(one) && one.archived !== true).map(view),
    members: all ? members : members.filter((one) => isObject(one) && isBot(one.user)),
    member_count: must(world.guilds.get(guild.id), 'guild').members.size,
  };

  function isBot(user: unknown): boolean {
    return isObject(user) && user.id === world.botId;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
