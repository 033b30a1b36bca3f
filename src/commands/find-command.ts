import { UserError } from '../errors.ts';
import type { Command } from './command.ts';
import type { Messages } from './messages/messages.ts';
import { nearest } from './near.ts';
import { shown } from './options.ts';
import type { Registry } from './registry.ts';

/**
 * The command that a person names, in any case, with or without the slash, also by its name below `/impasto`.
 * @throws UserError `command-unknown`, with the nearest one where there is one
 */
export function findCommand(typed: string, registry: Registry, messages: Messages): Command {
  const bare = typed.toLowerCase().replace(/^\//, '');
  const named = new Map<string, Command>();
  for (const command of registry.commands) {
    named.set(command.name, command);
    if (command.subcommand !== undefined) named.set(command.subcommand, command);
  }
  const found = named.get(bare);
  if (found !== undefined) return found;
  throw unknown(typed, named, registry, messages);
}

/** What is said of a command that a platform still shows, and that is no more. `command-unknown`. */
export function commandGone(name: string, registry: Registry, messages: Messages): UserError {
  return unknown(
    name,
    new Map(registry.commands.map((command) => [command.name, command])),
    registry,
    messages,
  );
}

function unknown(
  typed: string,
  named: ReadonlyMap<string, Command>,
  registry: Registry,
  messages: Messages,
): UserError {
  const bare = typed.toLowerCase().replace(/^\//, '');
  const close = named.get(nearest(bare, [...named.keys()]) ?? '');
  const near = close === undefined ? {} : { near: registry.write(close) };
  const about = { typed: shown(typed), ...near };
  const help = named.get('help');
  return new UserError(
    'command-unknown',
    messages.commandUnknown({ ...about, help: help === undefined ? '/help' : registry.write(help) }),
    { data: about },
  );
}
