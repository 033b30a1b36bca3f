import { ApplicationCommandOptionType as Type } from 'discord-api-types/v10';
import type { CommandOption } from './command-rules.ts';
import { fromClient, type NewFile, storeFile } from './files.ts';
import { memberView } from './member.ts';
import type { Views } from './view.ts';
import { type ChannelRecord, must, type World } from './world.ts';

/** What a person fills in: text, number, choice, somebody, or a file. */
export type OptionValue = string | number | boolean | NewFile | { readonly id: string };
export type OptionValues = Readonly<Record<string, OptionValue>>;

interface SentOption {
  readonly name: string;
  readonly type: Type;
  readonly value?: string | number | boolean;
  readonly focused?: boolean;
  readonly options?: readonly SentOption[];
}

/** The options of a command as Discord sends them, and the things that they name. */
export interface FilledIn {
  readonly options: readonly SentOption[];
  readonly resolved: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface FillIn {
  readonly world: World;
  readonly views: Views;
  readonly channel: ChannelRecord;
  /** Subcommand group and subcommand. */
  readonly subcommands: readonly string[];
  readonly values: OptionValues;
  /** The option that is being typed. */
  readonly focused?: string;
}

/** @throws Error for what Discord's own client would not let a person send */
export async function fillIn(defined: readonly CommandOption[], given: FillIn): Promise<FilledIn> {
  const { world, channel, subcommands, values, focused } = given;
  const [sub, ...rest] = subcommands;
  if (sub !== undefined) {
    const inner = must(
      defined.find(({ name }) => name === sub),
      `subcommand ${sub}`,
    );
    const filled = await fillIn(inner.options ?? [], { ...given, subcommands: rest });
    return { ...filled, options: [{ name: sub, type: inner.type, options: filled.options }] };
  }
  for (const name of Object.keys(values)) {
    if (!defined.some((one) => one.name === name)) throw new Error(`the command has no option ${name}`);
  }
  const resolved: Record<string, Record<string, unknown>> = {};
  const options: SentOption[] = [];
  for (const one of defined) {
    const value = values[one.name];
    if (value === undefined) {
      if (one.required === true && focused === undefined) throw new Error(`option ${one.name} is required`);
      continue;
    }
    const sent =
      typeof value === 'object' ? await refer(one.type, value) : checked(one, value, focused === one.name);
    options.push({
      name: one.name,
      type: one.type,
      value: sent,
      ...(focused === one.name ? { focused: true } : {}),
    });
  }
  return { options, resolved };

  async function refer(type: Type, value: NewFile | { readonly id: string }): Promise<string> {
    const put = (kind: string, id: string, what: unknown): void => {
      resolved[kind] = { ...resolved[kind], [id]: what };
    };
    if ('bytes' in value) {
      if (type !== Type.Attachment) throw new Error('a file is given where none is asked for');
      const file = await storeFile(world, fromClient(value), { folder: world.botId, ephemeral: true });
      put('attachments', file.id, given.views.attachment(file));
      return file.id;
    }
    if (type !== Type.User && type !== Type.Mentionable)
      throw new Error('somebody is given where nobody is asked for');
    put('users', value.id, must(world.users.get(value.id), `user ${value.id}`).api);
    const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
    if (guild?.members.has(value.id) === true) {
      const { user: _, deaf: _deaf, mute: _mute, ...member } = memberView(world, guild, value.id);
      put('members', value.id, { ...member, permissions: '0' });
    }
    return value.id;
  }
}

/** @throws Error for a value that the option does not take */
function checked(
  one: CommandOption,
  value: string | number | boolean,
  typing: boolean,
): string | number | boolean {
  if (typing) return value;
  const wrong = (why: string): Error => new Error(`option ${one.name}: ${why}: ${value}`);
  const choices = one.choices ?? [];
  if (choices.length > 0 && !choices.some((choice) => choice.value === value))
    throw wrong('not one of the choices');
  if (one.type === Type.String) {
    if (typeof value !== 'string') throw wrong('no text');
    if (value.length < (one.min_length ?? 0) || value.length > (one.max_length ?? 6000))
      throw wrong('wrong length');
  } else if (one.type === Type.Integer || one.type === Type.Number) {
    if (typeof value !== 'number' || (one.type === Type.Integer && !Number.isInteger(value)))
      throw wrong('no number');
    if (value < (one.min_value ?? value) || value > (one.max_value ?? value)) throw wrong('out of range');
  } else if (one.type === Type.Boolean) {
    if (typeof value !== 'boolean') throw wrong('neither true nor false');
  } else throw wrong(`nothing to type for an option of type ${one.type}`);
  return value;
}
