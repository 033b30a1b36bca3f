import type { AutocompleteInteraction } from 'discord.js';
import {
  type Client,
  Events,
  type Interaction,
  type MessageReaction,
  type PartialMessageReaction,
  type PartialUser,
  type User,
} from 'discord.js';
import type { Log } from '../../queue/log.ts';
import { troubleOf } from './api-errors.ts';
import type { Buttons } from './buttons.ts';
import { readCustomId } from './custom-id.ts';
import type { Menus } from './menus.ts';
import type { Reaction, Reactions } from './reactions.ts';
import { REMOVING } from './removal.ts';
import type { Slash } from './slash.ts';

/** What each kind of event is handed to. */
export interface Handlers {
  readonly slash: Slash;
  readonly menus: Menus;
  readonly buttons: Buttons;
  readonly autocomplete: (interaction: AutocompleteInteraction) => Promise<void>;
  readonly reactions: Reactions;
  readonly removal: (reaction: Reaction) => Promise<void>;
}

/** Hand events on; what a handler throws is logged, without any token. Returns what stops it. */
export function listen(client: Client, handlers: Handlers, log: Log): () => void {
  const guarded = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      log.error({ err: troubleOf(error) }, 'An event could not be handled');
    });
  };
  const onInteraction = (interaction: Interaction): void => guarded(interact(interaction, handlers));
  const onReaction = (reaction: MessageReaction | PartialMessageReaction, user: User | PartialUser): void =>
    guarded(react(client, reaction, user, handlers));
  client.on(Events.InteractionCreate, onInteraction);
  client.on(Events.MessageReactionAdd, onReaction);
  return () => {
    client.off(Events.InteractionCreate, onInteraction);
    client.off(Events.MessageReactionAdd, onReaction);
  };
}

async function interact(interaction: Interaction, handlers: Handlers): Promise<void> {
  const { slash, menus, buttons, autocomplete } = handlers;
  if (interaction.isChatInputCommand()) return await slash(interaction);
  if (interaction.isAutocomplete()) return await autocomplete(interaction);
  if (interaction.isMessageContextMenuCommand()) return await menus.open(interaction);
  if (!interaction.isButton() && !interaction.isStringSelectMenu()) return;
  const carried = readCustomId(interaction.customId);
  if (carried === undefined) return;
  if (interaction.isButton()) return await buttons.press(interaction, carried);
  if (carried.kind === 'pick') return await menus.choose(interaction, carried);
  return await buttons.choose(interaction, carried);
}

async function react(
  client: Client,
  { message, emoji }: MessageReaction | PartialMessageReaction,
  user: User | PartialUser,
  { reactions, removal }: Handlers,
): Promise<void> {
  if (user.id === client.user?.id) return;
  const { bot } = user.partial ? await user.fetch() : user;
  if (bot) return;
  const reaction: Reaction = {
    channel: message.channelId,
    message: message.id,
    server: message.guildId ?? undefined,
    emoji: emoji.id === null ? (emoji.name ?? '') : `<:${emoji.name ?? ''}:${emoji.id}>`,
    person: user.id,
  };
  await (reaction.emoji === REMOVING ? removal(reaction) : reactions(reaction));
}
