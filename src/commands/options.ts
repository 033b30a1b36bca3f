import { UserError } from '../errors.ts';
import type { ServerSettings } from '../queue/server-settings.ts';
import type {
  BooleanOption,
  Command,
  NumberOption,
  Option,
  OptionValue,
  OptionValues,
  StringOption,
} from './command.ts';
import type { Messages } from './messages/messages.ts';
import { nearest } from './near.ts';
import type { Registry } from './registry.ts';
import { usage } from './usage.ts';

/** Choices named in a sentence; more are for autocomplete and lists. */
export const MOST_NAMED: number = 12;

/**
 * Validate what a person gave, by option name: words of a typed line, or values that a platform has typed
 * already. Missing options get what the server's settings say, else their defaults.
 * @throws UserError `option-unknown`, `option-missing`, `option-not-number`, `option-out-of-range`,
 *   `option-not-boolean`, and what the option itself throws (`style-unknown`, `factor-unknown`, …)
 */
export function readOptions(
  command: Command,
  given: ReadonlyMap<string, OptionValue>,
  registry: Registry,
  messages: Messages,
  settings?: ServerSettings,
): OptionValues {
  const values = presetOptions(command, given, registry, messages, settings);
  for (const option of command.options) {
    if (option.type === 'string' && option.required && !values.has(option.name))
      throw optionMissing(command, option, registry, messages);
  }
  return values;
}

/**
 * What a form begins with: the same, but what is still missing may be missing.
 * @throws UserError as `readOptions`, without `option-missing`
 */
export function presetOptions(
  command: Command,
  given: ReadonlyMap<string, OptionValue>,
  registry: Registry,
  messages: Messages,
  settings?: ServerSettings,
): OptionValues {
  for (const typed of given.keys()) {
    if (!command.options.some(({ name }) => name === typed)) {
      throw optionUnknown(command, typed, registry, messages);
    }
  }
  const values = new Map<string, OptionValue>();
  for (const option of command.options) {
    const value = given.get(option.name) ?? unsaid(option, registry, settings);
    if (value !== undefined) values.set(option.name, readOption(option, value, registry, messages));
  }
  return values;
}

function unsaid(
  option: Option,
  registry: Registry,
  settings: ServerSettings | undefined,
): OptionValue | undefined {
  if (option.type !== 'string') return option.default;
  const value = settings === undefined ? undefined : option.byServer?.(settings);
  // What was set may have left the catalogue since.
  return option.choices(registry).some((choice) => choice.value === value) ? value : undefined;
}

function readOption(option: Option, value: OptionValue, registry: Registry, messages: Messages): OptionValue {
  switch (option.type) {
    case 'string':
      return option.read(String(value), registry, messages);
    case 'number':
      return readNumber(option, value, messages);
    case 'boolean':
      return readBoolean(option, value, messages);
  }
}

function readNumber(option: NumberOption, value: OptionValue, messages: Messages): number {
  const { name, min, max } = option;
  const about = { option: name, typed: shown(value), min, max };
  const number = typeof value === 'number' ? value : numberOf(String(value));
  if (number === undefined || Number.isNaN(number)) {
    throw new UserError('option-not-number', messages.optionNotNumber(about), { data: about });
  }
  if (number < min || number > max) {
    throw new UserError('option-out-of-range', messages.optionOutOfRange(about), { data: about });
  }
  return number;
}

/** `0.5`, `.5`, `0,5` and `50 %` are all one half; undefined for what is no number. */
export function numberOf(typed: string): number | undefined {
  const match = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*(%?)$/.exec(typed.trim());
  if (match === null) return undefined;
  const number = Number((match[1] ?? '').replace(',', '.'));
  return match[2] === '%' ? number / 100 : number;
}

function readBoolean(option: BooleanOption, value: OptionValue, messages: Messages): boolean {
  if (typeof value === 'boolean') return value;
  const about = { option: option.name, typed: shown(value) };
  const word = String(value).trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new UserError('option-not-boolean', messages.optionNotBoolean(about), { data: about });
}

function optionUnknown(command: Command, typed: string, registry: Registry, messages: Messages): UserError {
  const names = command.options.map(({ name }) => name);
  const near = nearest(typed, names);
  const about = { typed: shown(typed), ...(near === undefined ? {} : { near }) };
  return new UserError(
    'option-unknown',
    messages.optionUnknown({ ...about, command: registry.write(command), options: names }),
    { data: { ...about, command: command.name } },
  );
}

function optionMissing(
  command: Command,
  option: StringOption,
  registry: Registry,
  messages: Messages,
): UserError {
  const about = { option: option.name, usage: usage(command, registry) };
  const choices = option.choices(registry).slice(0, MOST_NAMED);
  const named = choices.map(({ value }) => value);
  return new UserError('option-missing', messages.optionMissing({ ...about, choices: named }), {
    data: about,
  });
}

/** Signs that would break a sentence's line, turn the text around them, or are halves of a letter. */
const UNSEEN = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]/gu;

/** What a person typed, short enough to be said back to them; what would play tricks there is `�`. */
export function shown(value: OptionValue): string {
  const letters = [...String(value).replace(UNSEEN, '\uFFFD')];
  return letters.length <= 40 ? letters.join('') : `${letters.slice(0, 39).join('')}…`;
}
