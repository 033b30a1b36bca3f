import { ApplicationCommandOptionType, ApplicationCommandType, Locale } from 'discord-api-types/v10';
import { z } from 'zod';
import { invalidForm } from './refusal.ts';

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const LOCALES: ReadonlySet<string> = new Set(Object.values(Locale));
type Localized = Readonly<Record<string, string>> | null | undefined;

/** An option of a command, or a subcommand with options of its own. */
export interface CommandOption {
  readonly type: ApplicationCommandOptionType;
  readonly name: string;
  readonly name_localizations?: Localized;
  readonly description: string;
  readonly description_localizations?: Localized;
  readonly required?: boolean | undefined;
  readonly choices?:
    | readonly {
        readonly name: string;
        readonly name_localizations?: Localized;
        readonly value: string | number;
      }[]
    | null
    | undefined;
  readonly autocomplete?: boolean | undefined;
  readonly min_value?: number | undefined;
  readonly max_value?: number | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly channel_types?: readonly number[] | null | undefined;
  readonly options?: readonly CommandOption[] | undefined;
}

/** A command as a bot registers it. */
export interface CommandBody {
  readonly id?: string | undefined;
  readonly name: string;
  readonly name_localizations?: Localized;
  readonly description?: string | null | undefined;
  readonly description_localizations?: Localized;
  readonly options?: readonly CommandOption[] | null | undefined;
  readonly default_member_permissions?: string | number | null | undefined;
  readonly dm_permission?: boolean | null | undefined;
  readonly contexts?: readonly number[] | null | undefined;
  readonly integration_types?: readonly number[] | null | undefined;
  readonly nsfw?: boolean | null | undefined;
  readonly type?: ApplicationCommandType | undefined;
}

/** A change to a command: what is left out stays. */
export type CommandChange = { readonly [Key in keyof CommandBody]?: CommandBody[Key] | undefined };

const localized = z.record(z.string(), z.string()).nullish();
const choice = z.object({
  name: z.string().min(1).max(100),
  name_localizations: localized,
  value: z.union([z.string().max(100), z.number()]),
});
const option: z.ZodType<CommandOption> = z.object({
  type: z.enum(ApplicationCommandOptionType),
  name: z.string(),
  name_localizations: localized,
  description: z.string().min(1).max(100),
  description_localizations: localized,
  required: z.boolean().optional(),
  choices: z.array(choice).max(25).nullish(),
  autocomplete: z.boolean().optional(),
  min_value: z.number().optional(),
  max_value: z.number().optional(),
  min_length: z.number().optional(),
  max_length: z.number().optional(),
  channel_types: z.array(z.number()).nullish(),
  get options() {
    return z.array(option).max(25).optional();
  },
});
const body = z.object({
  id: z.string().optional(),
  name: z.string().min(1).max(32),
  name_localizations: localized,
  description: z.string().max(100).nullish(),
  description_localizations: localized,
  options: z.array(option).max(25).nullish(),
  default_member_permissions: z.union([z.string(), z.number()]).nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: z.array(z.number().min(0).max(2)).nullish(),
  integration_types: z.array(z.number().min(0).max(1)).min(1).nullish(),
  nsfw: z.boolean().nullish(),
  type: z.enum(ApplicationCommandType).optional(),
});

/** A command. */
export const commandBody: z.ZodType<CommandBody> = body;
/** A change to a command. */
export const commandPatch: z.ZodType<CommandChange> = body.partial();
type Named = Pick<CommandOption, 'name' | 'name_localizations' | 'description_localizations' | 'description'>;

/** What Discord holds commands to beyond their shape. @throws Refusal 50035 */
export function checkCommand(command: CommandBody): void {
  if ((command.type ?? ApplicationCommandType.ChatInput) !== ApplicationCommandType.ChatInput) {
    if (command.description || command.options?.length) {
      throw invalidForm(
        'description',
        'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION',
        'Not for context menus',
      );
    }
    checkLocales(command);
    return;
  }
  if (!command.description) throw invalidForm('description', 'BASE_TYPE_REQUIRED', 'This field is required');
  checkNames({ ...command, description: command.description });
  const options = command.options ?? [];
  checkOptions(options);
  const size =
    sizeOf({ ...command, description: command.description }) +
    options.reduce((sum, one) => sum + deepSize(one), 0);
  if (size > 8000)
    throw invalidForm('name', 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds 8000 characters: ${size}`);
}

/** @throws Refusal 50035 where two commands of a list have one name and type, or there are too many of a type */
export function checkList(commands: readonly CommandBody[]): void {
  const names = new Set<string>();
  const counts = new Map<number, number>();
  for (const { name, type = ApplicationCommandType.ChatInput } of commands) {
    if (names.has(`${type} ${name}`)) {
      throw invalidForm(
        'name',
        'APPLICATION_COMMANDS_DUPLICATE_NAME',
        `Application command names must be unique`,
      );
    }
    names.add(`${type} ${name}`);
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    if (count > (type === ApplicationCommandType.ChatInput ? 100 : 15)) {
      throw invalidForm('name', 'APPLICATION_COMMANDS_MAX', 'Maximum number of application commands reached');
    }
  }
}

function checkOptions(options: readonly CommandOption[]): void {
  let optional = false;
  const names = new Set<string>();
  for (const one of options) {
    checkNames(one);
    if (names.has(one.name)) {
      throw invalidForm('options', 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option names must be unique');
    }
    names.add(one.name);
    if (one.required === true && optional) {
      throw invalidForm(
        'options',
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    optional ||= one.required !== true;
    if (one.autocomplete === true && (one.choices ?? []).length > 0) {
      throw invalidForm('options', 'APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE', 'Not both');
    }
    const choices = (one.choices ?? []).map(({ name }) => name);
    if (new Set(choices).size < choices.length) {
      throw invalidForm(
        'options',
        'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE',
        'Choice names must be unique',
      );
    }
    for (const each of one.choices ?? []) checkLocales(each);
    checkOptions(one.options ?? []);
  }
}

function checkNames(named: Named): void {
  const names = [named.name, ...Object.values(named.name_localizations ?? {})];
  for (const name of names) {
    if (!NAME.test(name) || name !== name.toLowerCase()) {
      throw invalidForm('name', 'APPLICATION_COMMAND_INVALID_NAME', `Command name is invalid: ${name}`);
    }
  }
  for (const text of [named.description ?? '', ...Object.values(named.description_localizations ?? {})]) {
    if (text.length < 1 || text.length > 100) {
      throw invalidForm(
        'description',
        'BASE_TYPE_BAD_LENGTH',
        `Must be between 1 and 100 in length: ${text}`,
      );
    }
  }
  checkLocales(named);
}

function checkLocales(given: object): void {
  for (const [key, value] of Object.entries(given)) {
    if (!key.endsWith('_localizations') || typeof value !== 'object' || value === null) continue;
    for (const locale of Object.keys(value)) {
      if (!LOCALES.has(locale)) throw invalidForm(key, 'LOCALE_INVALID', `No locale of Discord's: ${locale}`);
    }
  }
}

function deepSize(given: CommandOption): number {
  const choices = (given.choices ?? []).reduce(
    (sum, { name, value }) => sum + name.length + String(value).length,
    0,
  );
  return sizeOf(given) + choices + (given.options ?? []).reduce((sum, one) => sum + deepSize(one), 0);
}

/** Discord counts the longest of a text's languages. */
function sizeOf({ name, name_localizations, description, description_localizations }: Named): number {
  const longest = (text: string, others: object | null | undefined): number =>
    Math.max(text.length, ...Object.values(others ?? {}).map((other) => String(other).length));
  return longest(name, name_localizations) + longest(description, description_localizations);
}
