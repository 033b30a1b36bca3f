import {
  type ApplicationCommandType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { contextOf, type Owners } from './ask.ts';
import type { Commands, RegisteredCommand } from './commands.ts';
import { permissionsIn } from './permissions.ts';
import type { ChannelRecord, UserRecord, World } from './world.ts';

/** Somebody who looks for a command. */
export interface Looking {
  readonly world: World;
  readonly commands: Commands;
  readonly user: UserRecord;
  /** Whether they installed the application for themself. */
  readonly installed: boolean;
}

/**
 * The command of that name that Discord shows to somebody in a channel, and who made it available there.
 * @throws Error where none is shown
 */
export function shownCommand(
  { world, commands, user, installed }: Looking,
  channel: ChannelRecord,
  name: string,
  type: ApplicationCommandType,
): { readonly command: RegisteredCommand; readonly owners: Owners } {
  const { id, username } = user.api;
  const same = commands.list().filter((one) => one.name === name && one.type === type);
  const command =
    same.find(({ guildId }) => guildId === channel.guildId) ?? same.find(({ guildId }) => guildId === null);
  if (command === undefined) throw new Error(`the bot has registered no ${name}`);
  const types = command.integration_types ?? [0];
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const context = contextOf(world, channel);
  const botIsHere = guild === undefined ? context === InteractionContextType.BotDM : guild.installed;
  const owners: Owners = {
    ...(types.includes(0) && botIsHere ? { 0: guild?.id ?? '0' } : {}),
    ...(types.includes(1) && installed ? { 1: id } : {}),
  };
  if (owners[0] === undefined && owners[1] === undefined) throw new Error(`${name} is not installed here`);
  const needed = neededFor(command);
  const hidden =
    command.contexts?.includes(context) === false ||
    (guild !== undefined && (permissionsIn(world, channel, id) & needed) !== needed) ||
    (command.nsfw === true && !channel.nsfw);
  if (hidden) throw new Error(`${name} is not shown to ${username} here`);
  return { command, owners };
}

/** The permissions that show a command to somebody; “none” means administrators alone. */
function neededFor({ default_member_permissions: given }: RegisteredCommand): bigint {
  if (given === undefined || given === null) return 0n;
  return BigInt(given) === 0n ? PermissionFlagsBits.Administrator : BigInt(given);
}
