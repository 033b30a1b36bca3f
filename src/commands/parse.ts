import { UserError } from '../errors.ts';
import type { Command, OptionValues } from './command.ts';
import { findCommand } from './find-command.ts';
import type { Messages } from './messages/messages.ts';
import { readOptions, shown } from './options.ts';
import type { Registry } from './registry.ts';
import { styleLabel, styleOfEmoji } from './style-info.ts';
import { stylize } from './stylize.ts';
import { usage } from './usage.ts';

/** A command and its options, ready to be run. */
export interface Call {
  readonly command: Command;
  readonly options: OptionValues;
}

/** True where a message is meant as a command. */
export function isCommandLine(text: string): boolean {
  return /^\s*\/\p{L}/u.test(text);
}

/**
 * Read a typed line: `/stylize starry-night strength:0.5 keep_colors:true`. Words without a name belong to the
 * first option; the slash may be missing, as after a mention of the bot.
 * @throws UserError `command-unknown`, `option-twice`, `option-too-many`, and those of `readOptions`
 */
export function parseLine(text: string, registry: Registry, messages: Messages): Call {
  const [name = '', ...words] = text.trim().split(/\s+/);
  const command = findCommand(name, registry, messages);
  const given = new Map<string, string>();
  const nameless: string[] = [];
  for (const word of words) {
    const [, option, value] = /^([\p{L}_-]+):(.*)$/u.exec(word) ?? [];
    if (option === undefined || value === undefined) nameless.push(word);
    else put(given, option.toLowerCase().replaceAll('-', '_'), value, messages);
  }
  if (nameless.length > 0) {
    const first = command.options[0];
    const typed = nameless.join(' ');
    if (first === undefined) {
      const about = { typed: shown(typed), usage: usage(command) };
      throw new UserError('option-too-many', messages.optionTooMany(about), { data: about });
    }
    put(given, first.name, typed, messages);
  }
  return { command, options: readOptions(command, given, registry, messages) };
}

/**
 * Read an emoji put on a picture: the style of that emoji, everything else as it is by default.
 * @throws UserError `emoji-unknown`
 */
export function readReaction(emoji: string, registry: Registry, messages: Messages): Call {
  const style = styleOfEmoji(emoji, registry.styles);
  if (style === undefined) {
    const styles = registry.styles.map(styleLabel);
    throw new UserError('emoji-unknown', messages.emojiUnknown({ styles }), {
      data: { emoji: shown(emoji) },
    });
  }
  const given = new Map([['style', style.name]]);
  return { command: stylize, options: readOptions(stylize, given, registry, messages) };
}

function put(given: Map<string, string>, option: string, value: string, messages: Messages): void {
  if (given.has(option)) {
    const about = { option: shown(option) };
    throw new UserError('option-twice', messages.optionTwice(about), { data: about });
  }
  given.set(option, value);
}
