import { UserError } from '../errors.ts';
import type { ServerSettings } from '../queue/server-settings.ts';
import type { Command, OptionValue, OptionValues } from './command.ts';
import { wishOf } from './emojis.ts';
import { findCommand } from './find-command.ts';
import type { Messages } from './messages/messages.ts';
import { MOST_NAMED, readOptions, shown } from './options.ts';
import type { Registry } from './registry.ts';
import { styleLabel } from './style-info.ts';
import { stylize } from './stylize.ts';
import { upscale } from './upscale.ts';
import { factorLabel, upscalerLabel } from './upscaler-info.ts';
import { usage } from './usage.ts';

/** A command and its options, ready to be run. */
export interface Call {
  readonly command: Command;
  readonly options: OptionValues;
}

/** A typed line taken apart; its options are not read yet. */
export interface TypedLine {
  readonly command: Command;
  readonly given: ReadonlyMap<string, OptionValue>;
}

/** True where a message is meant as a command. */
export function isCommandLine(text: string): boolean {
  return /^\s*\/\p{L}/u.test(text);
}

/**
 * Read a typed line: `/stylize starry-night strength:0.5 keep_colors:true`. Words without a name belong to the
 * option before them where that one takes several, else to the first; the slash may be missing, as after a mention of
 * the bot. `/impasto help` is `/help`, and `/impasto` alone too.
 * @throws UserError `command-unknown`, `option-twice`, `option-too-many`, and those of `readOptions`
 */
export function parseLine(
  text: string,
  registry: Registry,
  messages: Messages,
  settings?: ServerSettings,
): Call {
  const { command, given } = takeApart(text, registry, messages);
  return { command, options: readOptions(command, given, registry, messages, settings) };
}

/**
 * Take a line apart, for where a form asks for what it leaves out.
 * @throws UserError `command-unknown`, `option-twice`, `option-too-many`
 */
export function takeApart(text: string, registry: Registry, messages: Messages): TypedLine {
  const [name = '', ...words] = wordsOf(text);
  const command = findCommand(name, registry, messages);
  const given = new Map<string, string>();
  const nameless: string[] = [];
  let open: string | undefined;
  for (const word of words) {
    const [, typed, value] = /^([\p{L}_-]+):(.*)$/u.exec(word) ?? [];
    if (typed !== undefined && value !== undefined) {
      const option = typed.toLowerCase().replaceAll('-', '_');
      put(given, option, value, messages);
      open = command.options.some((each) => each.name === option && takesWords(each)) ? option : undefined;
    } else if (open === undefined) {
      nameless.push(word);
    } else {
      given.set(open, `${given.get(open) ?? ''} ${word}`.trimStart());
    }
  }
  if (nameless.length > 0) {
    const first = command.options[0];
    const typed = nameless.join(' ');
    if (first === undefined) {
      const about = { typed: shown(typed), usage: usage(command, registry) };
      throw new UserError('option-too-many', messages.optionTooMany(about), { data: about });
    }
    put(given, first.name, typed, messages);
  }
  return { command, given };
}

/**
 * Read an emoji put on a picture: what the server's settings, or the catalogue, make of it; everything else as it is
 * by default.
 * @throws UserError `emoji-unknown`; `isReaction` tells beforehand
 */
export function readReaction(
  emoji: string,
  registry: Registry,
  messages: Messages,
  settings?: ServerSettings,
): Call {
  const wish = wishOf(emoji, registry, settings);
  if (wish === undefined) {
    const known = [...registry.styles.map(styleLabel), ...registry.upscalers.map(upscalerLabel)];
    throw new UserError('emoji-unknown', messages.emojiUnknown({ styles: known.slice(0, MOST_NAMED) }), {
      data: { emoji: shown(emoji) },
    });
  }
  const [command, given]: [Command, ReadonlyMap<string, OptionValue>] =
    wish.kind === 'style'
      ? [stylize, new Map([['style', wish.style.name]])]
      : [upscale, new Map([['factor', factorLabel(wish.upscaler)]])];
  return { command, options: readOptions(command, given, registry, messages, settings) };
}

/** Whether an emoji asks for anything, so that others can be passed over in silence. */
export function isReaction(
  emoji: string,
  registry: Pick<Registry, 'styles' | 'upscalers'>,
  settings?: Pick<ServerSettings, 'emojis'>,
): boolean {
  return wishOf(emoji, registry, settings) !== undefined;
}

function wordsOf(text: string): string[] {
  const words = text.trim().split(/\s+/);
  if (!/^\/?impasto$/i.test(words[0] ?? '')) return words;
  return words.length === 1 ? ['help'] : words.slice(1);
}

function takesWords(option: Command['options'][number]): boolean {
  return option.type === 'string' && option.words === true;
}

function put(given: Map<string, string>, option: string, value: string, messages: Messages): void {
  if (given.has(option)) {
    const about = { option: shown(option) };
    throw new UserError('option-twice', messages.optionTwice(about), { data: about });
  }
  given.set(option, value);
}
