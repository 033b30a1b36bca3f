import type { Client } from 'discord.js';
import type { Messages } from '../../commands/messages/messages.ts';
import { requirePermissions } from './permissions.ts';
import type { Reaction } from './reactions.ts';

/**
 * Whether the bot may answer an emoji where it was put.
 * @throws UserError `permissions-missing`
 */
export function checkPlace(
  client: Client,
  { server, channel: id }: Pick<Reaction, 'server' | 'channel'>,
  opensThread: boolean,
  messages: Messages,
): void {
  const channel = client.channels.cache.get(id);
  // Of a place that this process does not know, Discord itself says what is missing.
  if (server === undefined || channel === undefined || channel.isDMBased()) return;
  const me = channel.guild.members.me;
  const permissions = me === null ? null : channel.permissionsFor(me);
  if (permissions === null) return;
  const thread = channel.isThread();
  requirePermissions(permissions.freeze(), { thread, reads: true, posts: true, opensThread }, messages);
}
