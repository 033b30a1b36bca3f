import { UserError } from '../errors.ts';
import type { Command } from './command.ts';
import type { Messages } from './messages/messages.ts';
import { nearest } from './near.ts';
import { shown } from './options.ts';
import type { Registry } from './registry.ts';

/**
 * The command that a person names, in any case, with or without the slash.
 * @throws UserError `command-unknown`, with the nearest one where there is one
 */
export function findCommand(typed: string, { commands }: Registry, messages: Messages): Command {
  const bare = typed.toLowerCase().replace(/^\//, '');
  const names = commands.map(({ name }) => name);
  const found = commands.find(({ name }) => name === bare);
  if (found !== undefined) return found;
  const near = nearest(bare, names);
  const about = { typed: shown(typed), ...(near === undefined ? {} : { near: `/${near}` }) };
  throw new UserError('command-unknown', messages.commandUnknown(about), { data: about });
}
