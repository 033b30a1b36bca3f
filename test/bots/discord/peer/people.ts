import {
  ApplicationCommandType,
  InteractionType,
  MessageType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { type AskOptions, ask, type How } from './ask.ts';
import { type Asked, type Posted, toPosted } from './asked.ts';
import type { Commands, RegisteredCommand } from './commands.ts';
import { controlsOf } from './controls.ts';
import { fromClient, type NewFile } from './files.ts';
import { type FormValues, fillForm } from './forms.ts';
import type { Interaction, Interactions } from './interactions.ts';
import type { Messages } from './messages.ts';
import { fillIn, type OptionValues } from './options.ts';
import { permissionsIn } from './permissions.ts';
import type { Reactions } from './routes/reactions.ts';
import { shownCommand } from './shown.ts';
import type { Views } from './view.ts';
import { type ChannelRecord, type Kept, latest, must, type UserRecord, type World } from './world.ts';

/** A channel, thread or message, by its id. */
export interface Ref {
  readonly id: string;
}

/** What a person posts. */
export interface NewPost {
  readonly content?: string;
  readonly files?: readonly NewFile[];
  readonly replyTo?: Ref;
  /** The message that is passed on. */
  readonly forward?: Ref;
  readonly embeds?: Posted['embeds'];
  readonly stickers?: Kept['stickers'];
}

/** Somebody who uses Discord, and whatever Discord's own client lets them do. */
export interface Person extends Ref {
  readonly name: string;
  /** Use a slash command; subcommands follow its name: `impasto-settings emoji`. @throws Error where none such is shown */
  slash(channel: Ref, command: string, values?: OptionValues, how?: How): Promise<Asked>;
  /** What the bot suggests while this option is typed. */
  autocomplete(
    channel: Ref,
    command: string,
    values: OptionValues,
    focused: string,
    how?: How,
  ): Promise<readonly Choice[]>;
  /** Apps → `name` on a message. */
  messageCommand(name: string, message: Ref, how?: How): Promise<Asked>;
  /** Apps → `name` on somebody. */
  userCommand(name: string, channel: Ref, person: Ref, how?: How): Promise<Asked>;
  /** Press the button with that `custom_id` or label. */
  press(message: Ref, button: string, how?: How): Promise<Asked>;
  /** Choose from the select with that `custom_id`. */
  select(message: Ref, customId: string, values: readonly string[], how?: How): Promise<Asked>;
  /** Fill in the form that the bot opened on `asked`, and send it. */
  submitForm(asked: Asked, values: FormValues, how?: How): Promise<Asked>;
  react(message: Ref, emoji: string): void;
  unreact(message: Ref, emoji: string): void;
  post(channel: Ref, post: NewPost): Promise<Posted>;
  edit(message: Ref, content: string): Promise<void>;
  remove(message: Ref): void;
}

/** A suggestion of the bot's. */
export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

const choices = z.object({
  choices: z
    .array(z.object({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25),
});

export interface PeopleOptions extends AskOptions {
  readonly world: World;
  readonly views: Views;
  readonly messages: Messages;
  readonly reactions: Reactions;
  readonly commands: Commands;
  readonly interactions: Interactions;
}

/** @param installed whether this person has installed the application for themself */
export function toPerson(options: PeopleOptions, user: UserRecord, installed: boolean): Person {
  const { world, views, messages, reactions, commands, interactions, uploadLimit } = options;
  const { id, username } = user.api;
  const looking = { world, commands, user, installed };
  const channelOf = ({ id: channel }: Ref): ChannelRecord =>
    must(world.channels.get(channel), `channel ${channel}`);
  const messageOf = ({ id: message }: Ref): Kept => {
    const kept = must(world.messages.get(message), `message ${message}`);
    const hidden = kept.ephemeralFor !== undefined && kept.ephemeralFor !== id;
    if (kept.deletedAt !== undefined || hidden) throw new Error(`${username} sees no message ${message}`);
    return kept;
  };

  async function run(
    channel: ChannelRecord,
    line: string,
    values: OptionValues,
    how: How,
    focused?: string,
  ): Promise<Asked> {
    const [name = '', ...subcommands] = line.split(' ');
    const { command, owners } = shownCommand(looking, channel, name, ApplicationCommandType.ChatInput);
    const given = {
      world,
      views,
      channel,
      subcommands,
      values,
      ...(focused === undefined ? {} : { focused }),
    };
    const { options: filled, resolved } = await fillIn(command.options ?? [], given);
    const data = {
      ...headOf(command),
      options: filled,
      ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
    };
    const kind =
      focused === undefined
        ? InteractionType.ApplicationCommand
        : InteractionType.ApplicationCommandAutocomplete;
    return ask(options, {
      kind,
      user,
      channel,
      data,
      owners,
      messageType: MessageType.ChatInputCommand,
      how,
    });
  }

  function act(
    channel: ChannelRecord,
    name: string,
    type: ApplicationCommandType,
    target: Ref,
    resolved: object,
    how: How,
  ): Asked {
    const { command, owners } = shownCommand(looking, channel, name, type);
    const data = { ...headOf(command), target_id: target.id, resolved };
    const messageType = MessageType.ContextMenuCommand;
    return ask(options, {
      kind: InteractionType.ApplicationCommand,
      user,
      channel,
      data,
      owners,
      messageType,
      how,
    });
  }

  function use(message: Ref, name: string, values: readonly string[] | undefined, how: How): Asked {
    const source = messageOf(message);
    const channel = channelOf({ id: source.channelId });
    const all = controlsOf(latest(source).components);
    const control = all.find((one) => one.custom_id === name) ?? all.find(({ label }) => label === name);
    if (control === undefined)
      throw new Error(
        `there is no ${name}; there are ${all.map((one) => one.label ?? one.custom_id).join(', ')}`,
      );
    if (control.disabled === true) throw new Error(`${name} is disabled`);
    for (const value of values ?? []) {
      if (control.options !== undefined && !control.options.some((one) => one.value === value))
        throw new Error(`${name} has no choice ${value}`);
    }
    const data = {
      component_type: control.type,
      custom_id: control.custom_id,
      id: 1,
      ...(values === undefined ? {} : { values }),
    };
    const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
    const owners = source.interaction?.authorizing_integration_owners ?? { 0: guild?.id ?? '0' };
    const kind = InteractionType.MessageComponent;
    return ask(options, { kind, user, channel, data, owners, messageType: MessageType.Default, source, how });
  }

  return {
    id,
    name: username,
    slash: (channel, command, values = {}, how = {}) => run(channelOf(channel), command, values, how),
    async autocomplete(channel, command, values, focused, how = {}) {
      const asked = await run(channelOf(channel), command, values, how, focused);
      await asked.acknowledged();
      return choices.parse(interactions.all.get(asked.token)?.acknowledged?.data).choices;
    },
    async messageCommand(name, message, how = {}) {
      const kept = messageOf(message);
      const resolved = { messages: { [kept.id]: views.message(kept, true) } };
      return act(
        channelOf({ id: kept.channelId }),
        name,
        ApplicationCommandType.Message,
        message,
        resolved,
        how,
      );
    },
    async userCommand(name, channel, person, how = {}) {
      const resolved = { users: { [person.id]: must(world.users.get(person.id), 'user').api } };
      return act(channelOf(channel), name, ApplicationCommandType.User, person, resolved, how);
    },
    press: async (message, button, how = {}) => use(message, button, undefined, how),
    select: async (message, customId, values, how = {}) => use(message, customId, values, how),
    async submitForm(asked, values, how = {}) {
      const form = await asked.form();
      const before: Interaction = must(interactions.all.get(asked.token), 'interaction');
      const data = await fillForm(world, views, form, values);
      const { channel, source, metadata, messageType } = before;
      const owners = metadata.authorizing_integration_owners;
      return ask(options, {
        kind: InteractionType.ModalSubmit,
        user,
        channel,
        data,
        owners,
        messageType,
        source,
        how,
      });
    },
    react: (message, emoji) => reactions.add(messageOf(message), id, emoji),
    unreact: (message, emoji) => reactions.remove(messageOf(message), id, emoji),
    async post(place, { content = '', files = [], replyTo, forward, embeds = [], stickers = [] }) {
      const channel = channelOf(place);
      if (
        channel.guildId !== null &&
        (permissionsIn(world, channel, id) & PermissionFlagsBits.SendMessages) === 0n
      ) {
        throw new Error(`${username} may not write in ${channel.name}`);
      }
      const passedOn = forward === undefined ? undefined : messageOf(forward);
      const reference = passedOn === undefined ? replyTo : forward;
      const kept = await messages.post({
        channel,
        authorId: id,
        body: {
          content,
          embeds: [...embeds],
          ...(reference === undefined
            ? {}
            : { message_reference: { message_id: reference.id, type: passedOn === undefined ? 0 : 1 } }),
        },
        uploads: new Map(files.map((file, index) => [String(index), fromClient(file)])),
        uploadLimit: Math.max(uploadLimit(channel), 50 * 1024 ** 2),
        stickers,
        ...(passedOn === undefined ? {} : { snapshots: [passedOn] }),
      });
      return toPosted(kept);
    },
    async edit(message, content) {
      const kept = messageOf(message);
      if (kept.authorId !== id) throw new Error(`${username} did not write ${message.id}`);
      await messages.edit(kept, { content }, new Map(), 0);
    },
    remove(message) {
      const kept = messageOf(message);
      const allowed = permissionsIn(world, channelOf({ id: kept.channelId }), id);
      if (kept.authorId !== id && (allowed & PermissionFlagsBits.ManageMessages) === 0n) {
        throw new Error(`${username} may not remove ${message.id}`);
      }
      messages.remove(kept);
    },
  };
}

function headOf({ id, name, type, guildId }: RegisteredCommand): object {
  return { id, name, type, ...(guildId === null ? {} : { guild_id: guildId }) };
}
