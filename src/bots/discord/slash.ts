import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, OptionValue } from '../../commands/command.ts';
import { commandGone } from '../../commands/find-command.ts';
import { refuse } from '../../commands/messages/failures.ts';
import { readOptions } from '../../commands/options.ts';
import type { PictureReference } from '../../commands/request.ts';
import type { Invoker } from '../invoke.ts';
import { AVATAR_OPTION, PICTURE_OPTIONS } from './command-json.ts';
import type { Conversation } from './conversation.ts';
import { type Here, hereOf } from './here.ts';
import type { Parents } from './parents.ts';
import { linkOf } from './pictures-of.ts';
import { sourceJson, type Wanted } from './source.ts';
import type { Submitter } from './submitter.ts';

/** Answers a slash command. */
export type Slash = (interaction: ChatInputCommandInteraction) => Promise<void>;

/** What slash commands need. */
export interface SlashOptions {
  readonly invoker: Invoker;
  readonly converse: Conversation;
  readonly submit: Submitter;
  readonly parents: Parents;
}

/** Acknowledges at once and, at the same time, has the command carried out. */
export function createSlash({ invoker, converse, submit, parents }: SlashOptions): Slash {
  return async (interaction) => {
    const here = hereOf(interaction, parents);
    const command = invoker.registry.commands.find(({ name }) => name === interaction.commandName);
    await converse({
      interaction,
      person: here.person.id,
      messages: here.messages,
      acknowledgement: command?.private === true ? 'private' : 'public',
      work: async () => {
        // Discord may still show what another version of the program has registered.
        if (command === undefined)
          throw commandGone(interaction.commandName, invoker.registry, here.messages);
        const picture = command.takesPicture ? await pictureOf(interaction, here) : undefined;
        const { person, server, manages } = here;
        const answer = await invoker.invoke({
          eventKey: interaction.id,
          trigger: 'command',
          person,
          server,
          channel: await here.settled(),
          manages,
          picture,
          read: (registry, messages, settings) => ({
            command,
            options: readOptions(command, givenTo(command, interaction), registry, messages, settings),
          }),
        });
        return await submit(here, answer);
      },
    });
  };
}

function givenTo(
  command: Command,
  interaction: ChatInputCommandInteraction,
): ReadonlyMap<string, OptionValue> {
  const given = new Map<string, OptionValue>();
  for (const { name } of command.options) {
    const value = interaction.options.get(name)?.value;
    if (value !== undefined) given.set(name, value);
  }
  return given;
}

/** What was attached, else the avatar of whom they name, else what intake finds in the channel. */
async function pictureOf(interaction: ChatInputCommandInteraction, here: Here): Promise<PictureReference> {
  const { wanted, target } = wantedOf(interaction, here);
  await here.requirePermissions(wanted.kind === 'latest');
  return { source: sourceJson(here.where(), wanted), target };
}

function wantedOf(
  interaction: ChatInputCommandInteraction,
  here: Here,
): { readonly wanted: Wanted; readonly target: string } {
  const attached = PICTURE_OPTIONS.flatMap((name) => interaction.options.getAttachment(name) ?? []);
  if (attached.length > 0) {
    const links = attached.map(({ id, url, name, description, flags }) =>
      linkOf({ id, url, filename: name, description, flags: flags.bitfield }),
    );
    return { wanted: { kind: 'links', links }, target: links.map(({ id }) => id).join('/') };
  }
  const user = interaction.options.getUser(AVATAR_OPTION);
  if (user !== null) {
    const format = { extension: 'png', forceStatic: true, size: 1024 } as const;
    const member = interaction.inCachedGuild() ? interaction.options.getMember(AVATAR_OPTION) : null;
    const url = (member ?? user).displayAvatarURL(format);
    const link = { id: `avatar-${user.id}`, url, alt: member?.displayName ?? user.displayName };
    return { wanted: { kind: 'links', links: [link] }, target: url };
  }
  if (!here.reads) throw refuse(here.messages, 'message-content-off');
  // What is latest changes from one command to the next, so none is a repeat of another.
  const wanted = { kind: 'latest', channel: here.channel, person: here.person.id } as const;
  return { wanted, target: `latest/${interaction.id}` };
}
