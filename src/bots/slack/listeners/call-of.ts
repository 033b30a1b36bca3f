import type { OptionValue } from '../../../commands/command.ts';
import { findCommand } from '../../../commands/find-command.ts';
import { readOptions } from '../../../commands/options.ts';
import type { Asked } from '../../invoke.ts';

/** A command with options that were filled in rather than written. What it returns throws as `readOptions` does. */
export function callOf(name: string, given: ReadonlyMap<string, OptionValue>): Asked['read'] {
  return (registry, messages, settings) => {
    const command = findCommand(name, registry, messages);
    return { command, options: readOptions(command, given, registry, messages, settings) };
  };
}
