import type {
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
} from 'discord.js';
import type { Choice, Command, OptionValue } from '../../commands/command.ts';
import { commandGone } from '../../commands/find-command.ts';
import { refuse } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import { readOptions } from '../../commands/options.ts';
import { readStrength, STRENGTHS } from '../../commands/press.ts';
import type { Registry } from '../../commands/registry.ts';
import { textReply } from '../../commands/reply.ts';
import type { PictureReference } from '../../commands/request.ts';
import { exampleLine } from '../../commands/usage.ts';
import type { Invoker } from '../invoke.ts';
import type { Api } from './api.ts';
import { MENUS } from './command-json.ts';
import { selectRows } from './components.ts';
import type { Conversation, Result } from './conversation.ts';
import type { Carried } from './custom-id.ts';
import { type Here, hereOf } from './here.ts';
import type { Parents } from './parents.ts';
import type { Pick as Picked, Picks } from './picks.ts';
import { picturesOf } from './pictures-of.ts';
import { readableOf } from './read-message.ts';
import { sourceJson, type Wanted } from './source.ts';
import { OTHER, otherStrength, strengthForm, typedStrength } from './strength-form.ts';
import type { Submitter } from './submitter.ts';

/** “Stylize…” and “Upscale” in a message's own menu. */
export interface Menus {
  /** Offer a choice, or begin at once where there is none. */
  open(interaction: MessageContextMenuCommandInteraction): Promise<void>;
  /** What was chosen for the message whose menu it was. */
  choose(interaction: StringSelectMenuInteraction, carried: Carried): Promise<void>;
  /** A strength that was typed in a form. */
  submit(interaction: ModalSubmitInteraction, carried: Carried): Promise<void>;
}

/** What menus need. */
export interface MenusOptions {
  readonly invoker: Invoker;
  readonly api: Pick<Api, 'openForm'>;
  readonly converse: Conversation;
  readonly submit: Submitter;
  readonly picks: Picks;
  readonly cdn: string;
  readonly parents: Parents;
}

/** Names of the options that a picker offers beside the style, as the command has them. */
const STRENGTH = 'strength';
const KEEP_COLORS = 'keep_colors';

export function createMenus({ invoker, api, converse, submit, picks, cdn, parents }: MenusOptions): Menus {
  const { registry } = invoker;

  async function open(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    const here = hereOf(interaction, parents);
    const command = registry.commands.find(
      ({ name }) => (name === 'stylize' || name === 'upscale') && MENUS[name] === interaction.commandName,
    );
    const choices = command === undefined ? [] : choicesFor(command, registry);
    const chooses = choices.length > 1 || command?.name === 'stylize';
    await converse({
      interaction,
      person: here.person.id,
      messages: here.messages,
      acknowledgement: chooses ? 'private' : 'public',
      work: async () => {
        if (command === undefined) throw commandGone(interaction.commandName, registry, here.messages);
        await invoker.admit({ server: here.server, channel: await here.settled() }, here.messages);
        const picture = await pictureOf(interaction, here, command);
        if (!chooses)
          return await start(interaction.id, here, command, { picture, options: new Map() }, undefined);
        await picks.keep(interaction.id, picture);
        return picker(here, command, choices, interaction.id);
      },
    });
  }

  async function choose(interaction: StringSelectMenuInteraction, carried: Carried): Promise<void> {
    if (carried.action === STRENGTH || carried.action === KEEP_COLORS)
      return await adjust(interaction, carried);
    const here = hereOf(interaction, parents);
    const command = registry.commands.find(({ name }) => name === carried.action);
    await converse({
      interaction,
      person: here.person.id,
      messages: here.messages,
      acknowledgement: 'public',
      work: async () => {
        const picked = await picks.read(carried.subject);
        if (command === undefined || picked === undefined) throw refuse(here.messages, 'picture-gone');
        return await start(interaction.id, here, command, picked, interaction.values[0]);
      },
    });
  }

  /** An option that is set before the style is chosen, which begins the work. */
  async function adjust(interaction: StringSelectMenuInteraction, carried: Carried): Promise<void> {
    const [value] = interaction.values;
    if (value === OTHER) {
      const form = strengthForm(messagesFor(interaction.locale), carried);
      return await api.openForm(interaction.id, interaction.token, form);
    }
    await set(interaction, carried, async () => {
      const chosen = carried.action === STRENGTH ? Number(value ?? 1) : value !== undefined;
      return { chosen, result: { kind: 'nothing' } };
    });
  }

  async function submitted(interaction: ModalSubmitInteraction, carried: Carried): Promise<void> {
    await set(interaction, carried, async ({ messages }) => {
      const chosen = readStrength(typedStrength(interaction), messages);
      // The list goes on saying that another strength was chosen, and not which.
      const reply = textReply(messages.percent({ percent: Math.round(chosen * 100) }));
      return { chosen, result: { kind: 'reply', reply } };
    });
  }

  async function set(
    interaction: StringSelectMenuInteraction | ModalSubmitInteraction,
    { subject, action }: Carried,
    read: (here: Here) => Promise<{ readonly chosen: OptionValue; readonly result: Result }>,
  ): Promise<void> {
    const here = hereOf(interaction, parents);
    await converse({
      interaction,
      person: here.person.id,
      messages: here.messages,
      acknowledgement: 'update',
      work: async () => {
        const { chosen, result } = await read(here);
        if (!(await picks.set(subject, action, chosen))) throw refuse(here.messages, 'picture-gone');
        return result;
      },
    });
  }

  async function start(
    eventKey: string,
    here: Here,
    command: Command,
    { picture, options }: Picked,
    choice: string | undefined,
  ): Promise<Result> {
    const { person, server, manages } = here;
    const first = command.options[0];
    const given = new Map<string, OptionValue>(options);
    if (choice !== undefined && first !== undefined) given.set(first.name, choice);
    const answer = await invoker.invoke({
      eventKey,
      trigger: 'command',
      person,
      server,
      channel: await here.settled(),
      manages,
      picture,
      read: (all, messages, settings) => ({
        command,
        options: readOptions(command, given, all, messages, settings),
      }),
    });
    return await submit(here, answer);
  }

  function picker(here: Here, command: Command, choices: readonly Choice[], subject: string): Result {
    const { picker: said } = here.messages;
    const stylize = command.name === 'stylize';
    const carried = { kind: 'pick', action: command.name, subject, asker: here.person.id } as const;
    const placeholder = stylize ? said.stylePlaceholder : said.factorPlaceholder;
    const reply = textReply(stylize ? said.stylizeTitle : said.upscaleTitle);
    return {
      kind: 'reply',
      reply: stylize ? { ...reply, gallery: registry.styles } : reply,
      rows: [...selectRows(choices, placeholder, carried), ...(stylize ? optionRows(here, carried) : [])],
    };
  }

  function optionRows({ messages }: Here, carried: Omit<Carried, 'row'>): readonly object[] {
    const { picker: said, percent } = messages;
    const strengths = STRENGTHS.map((strength) => ({
      value: String(strength),
      label: percent({ percent: strength * 100 }),
    }));
    const keeps = [{ value: KEEP_COLORS, label: said.keepColorsLabel }];
    return [
      ...selectRows([...strengths, otherStrength(messages)], said.strengthPlaceholder, {
        ...carried,
        action: STRENGTH,
      }),
      ...selectRows(keeps, said.keepColorsLabel, { ...carried, action: KEEP_COLORS }, { optional: true }),
    ];
  }

  async function pictureOf(
    interaction: MessageContextMenuCommandInteraction,
    here: Here,
    command: Command,
  ): Promise<PictureReference> {
    const { targetMessage: message } = interaction;
    await here.requirePermissions(false);
    const from = { channel: message.channelId, message: message.id };
    const links = picturesOf(readableOf(message), cdn);
    const origin = message.messageSnapshots.size > 0 ? message.reference?.channelId : undefined;
    const found = links.length > 0;
    // What it replies to did not come with it.
    if (!found && (message.reference === null || !here.reads)) {
      throw refuse(here.messages, 'picture-not-found', { example: exampleLine(command, registry) });
    }
    const wanted: Wanted = found
      ? { kind: 'links', links, from, ...(origin === undefined ? {} : { origin }) }
      : { kind: 'message', ...from };
    return { source: sourceJson(here.where(message.id), wanted), target: message.id };
  }

  return { open, choose, submit: submitted };
}

/** Values of the command's first option, which are what a menu can ask for. */
function choicesFor(command: Command, registry: Registry): readonly Choice[] {
  const first = command.options[0];
  return first?.type === 'string' ? first.choices(registry) : [];
}
