import { PermissionFlagsBits, type PermissionsBitField } from 'discord.js';
import { refuse } from '../../commands/messages/failures.ts';
import type { Messages } from '../../commands/messages/messages.ts';

/** Something the bot must be allowed, under the name that Discord's own settings show. */
export type Permission =
  | 'View Channel'
  | 'Send Messages'
  | 'Send Messages in Threads'
  | 'Attach Files'
  | 'Read Message History'
  | 'Create Public Threads';

const bits: Readonly<Record<Permission, bigint>> = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
};

/** What is done in a place, for which permissions are needed. */
export interface Doing {
  readonly thread: boolean;
  /** Messages are looked at, not only answered. */
  readonly reads?: boolean;
  /** Messages are posted as the bot's own, not only as the answer to a command. */
  readonly posts?: boolean;
  readonly opensThread?: boolean;
}

/** Permissions that are needed, in the order in which Discord lists them. */
export function needed({ thread, reads = false, posts = false, opensThread = false }: Doing): Permission[] {
  return [
    ...(reads || posts ? (['View Channel'] as const) : []),
    ...(posts ? [thread ? ('Send Messages in Threads' as const) : ('Send Messages' as const)] : []),
    'Attach Files',
    ...(reads ? (['Read Message History'] as const) : []),
    ...(opensThread ? (['Create Public Threads', 'Send Messages in Threads'] as const) : []),
  ];
}

/** Those of `wanted` that are not there. */
export function missing(
  permissions: Readonly<PermissionsBitField>,
  wanted: readonly Permission[],
): readonly Permission[] {
  return wanted.filter((name) => !permissions.has(bits[name]));
}

/** @throws UserError `permissions-missing`, with their names */
export function requirePermissions(
  permissions: Readonly<PermissionsBitField>,
  doing: Doing,
  messages: Messages,
): void {
  const lacking = missing(permissions, needed(doing));
  if (lacking.length > 0) throw refuse(messages, 'permissions-missing', { permissions: lacking.join(', ') });
}
