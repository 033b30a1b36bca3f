import { ChannelType, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10';
import { missingAccess, missingPermissions, unknownChannel } from './refusal.ts';
import type { ChannelRecord, GuildRecord, World } from './world.ts';

/** A permission by the name that discord.js gives it. */
export type Permission = keyof typeof PermissionFlagsBits;

export const ALL_PERMISSIONS: bigint = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

/** What everyone may do in a new server. */
export const EVERYONE: readonly Permission[] = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'EmbedLinks',
  'AttachFiles',
  'AddReactions',
  'ReadMessageHistory',
  'UseExternalEmojis',
  'UseApplicationCommands',
  'UseExternalApps',
];

export function bits(names: readonly Permission[]): bigint {
  return names.reduce((all, name) => all | PermissionFlagsBits[name], 0n);
}

export function isThread({ type }: { readonly type: ChannelType }): boolean {
  return (
    type === ChannelType.PublicThread ||
    type === ChannelType.PrivateThread ||
    type === ChannelType.AnnouncementThread
  );
}

/** What somebody may do in a channel, by Discord's order of roles and overwrites; a thread has its parent's. */
export function permissionsIn(world: World, channel: ChannelRecord, userId: string): bigint {
  if (channel.type === ChannelType.GroupDM) return 0n;
  if (channel.guildId === null) return bits(EVERYONE);
  const guild = world.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  if (guild === undefined || member === undefined) return 0n;
  const base = permissionsOf(guild, userId);
  if ((base & PermissionFlagsBits.Administrator) !== 0n) return ALL_PERMISSIONS;
  const parent = channel.parentId === null ? undefined : world.channels.get(channel.parentId);
  const { overwrites } = isThread(channel) && parent !== undefined ? parent : channel;
  const steps = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id, type }) => type === OverwriteType.Role && member.roles.includes(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === userId),
  ];
  return steps.reduce((allowed, step) => {
    const deny = step.reduce((all, one) => all | BigInt(one.deny), 0n);
    const allow = step.reduce((all, one) => all | BigInt(one.allow), 0n);
    return (allowed & ~deny) | allow;
  }, base);
}

/** What somebody may do in a server, before the channels' overwrites. */
function permissionsOf(guild: GuildRecord, userId: string): bigint {
  if (guild.ownerId === userId) return ALL_PERMISSIONS;
  const roles = [guild.id, ...(guild.members.get(userId)?.roles ?? [])];
  return roles.reduce((all, id) => all | BigInt(guild.roles.get(id)?.permissions ?? '0'), 0n);
}

/**
 * A channel that the bot wants to use.
 * @throws Refusal 10003, 50001 where it can't see the channel, 50013 where it lacks one of `needed`
 */
export function botsChannel(world: World, id: string, needed: readonly Permission[] = []): ChannelRecord {
  const channel = world.channels.get(id);
  if (channel === undefined) throw unknownChannel();
  const allowed = permissionsIn(world, channel, world.botId);
  if ((allowed & PermissionFlagsBits.ViewChannel) === 0n) throw missingAccess();
  if (needed.some((name) => (allowed & PermissionFlagsBits[name]) === 0n)) throw missingPermissions();
  return channel;
}
