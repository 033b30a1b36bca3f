import { setTimeout as pause } from 'node:timers/promises';
import {
  type AutocompleteInteraction,
  type Client,
  DiscordjsError,
  DiscordjsTypeError,
  Events,
  GatewayDispatchEvents,
  type Interaction,
} from 'discord.js';
import { z } from 'zod';
import { ImpastoError } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import { isLibrarys, troubleOf } from './api-errors.ts';
import type { Buttons } from './buttons.ts';
import { readCustomId } from './custom-id.ts';
import type { Menus } from './menus.ts';
import { snowflake } from './packets.ts';
import type { Reaction, Reactions } from './reactions.ts';
import { REMOVING } from './removal.ts';
import type { Slash } from './slash.ts';

/**
 * An emoji as the gateway tells of it. The library's own event is silent about private channels that it has not met,
 * and all that is needed of a message, old or new, is its id.
 */
const added = z.object({
  user_id: snowflake,
  channel_id: snowflake,
  message_id: snowflake,
  message_author_id: snowflake.optional(),
  guild_id: snowflake.optional(),
  emoji: z.object({ id: snowflake.nullish(), name: z.string().nullish() }),
  member: z.object({ user: z.object({ bot: z.boolean().optional() }).optional() }).optional(),
});

/** What each kind of event is handed to. */
export interface Handlers {
  readonly slash: Slash;
  readonly menus: Menus;
  readonly buttons: Buttons;
  readonly autocomplete: (interaction: AutocompleteInteraction) => Promise<void>;
  readonly reactions: Reactions;
  readonly removal: (reaction: Reaction) => Promise<void>;
}

/** How long what is being answered may still take once no more events are taken. */
const CLOSE_MS = 5_000;

/**
 * Hand events on; what a handler throws is logged, without any token. Returns what stops it: it takes no more events,
 * and waits for what is being answered.
 */
export function listen(client: Client, handlers: Handlers, log: Log): () => Promise<void> {
  const running = new Set<Promise<void>>();
  const guarded = (work: Promise<void>): void => {
    const handled = work
      .catch((error: unknown) => {
        const err = isLibrarys(error) ? troubleOf(error) : error;
        // What came twice, too late or in another shape is no fault of ours.
        const foreseen = (err instanceof ImpastoError && !err.report) || isMisshapen(error);
        log[foreseen ? 'warn' : 'error']({ err }, 'An event could not be handled');
      })
      .finally(() => running.delete(handled));
    running.add(handled);
  };
  const onInteraction = (interaction: Interaction): void => guarded(interact(interaction, handlers));
  const onReaction = (data: unknown): void => guarded(react(client, data, handlers));
  client.on(Events.InteractionCreate, onInteraction);
  client.ws.on(GatewayDispatchEvents.MessageReactionAdd, onReaction);
  return async () => {
    client.off(Events.InteractionCreate, onInteraction);
    client.ws.off(GatewayDispatchEvents.MessageReactionAdd, onReaction);
    await Promise.race([Promise.all(running), pause(CLOSE_MS, undefined, { ref: false })]);
  };
}

/** The library's own word for an interaction that lacks what its command says it has. */
function isMisshapen(error: unknown): boolean {
  return error instanceof DiscordjsTypeError || error instanceof DiscordjsError;
}

async function interact(interaction: Interaction, handlers: Handlers): Promise<void> {
  const { slash, menus, buttons, autocomplete } = handlers;
  if (interaction.isChatInputCommand()) return await slash(interaction);
  if (interaction.isAutocomplete()) return await autocomplete(interaction);
  if (interaction.isMessageContextMenuCommand()) return await menus.open(interaction);
  if (!interaction.isButton() && !interaction.isStringSelectMenu() && !interaction.isModalSubmit()) return;
  const carried = readCustomId(interaction.customId);
  if (carried === undefined) return;
  if (interaction.isButton()) return await buttons.press(interaction, carried);
  const { choose, submit } = carried.kind === 'pick' ? menus : buttons;
  await (interaction.isModalSubmit() ? submit(interaction, carried) : choose(interaction, carried));
}

async function react(client: Client, data: unknown, { reactions, removal }: Handlers): Promise<void> {
  const { data: told } = added.safeParse(data);
  if (told === undefined) return;
  const { user_id: person, channel_id, message_id, message_author_id, guild_id, emoji, member } = told;
  if (person === client.user?.id || member?.user?.bot === true) return;
  const name = emoji.name ?? '';
  const reaction: Reaction = {
    channel: channel_id,
    message: message_id,
    server: guild_id,
    emoji: typeof emoji.id === 'string' ? `<:${name}:${emoji.id}>` : name,
    person,
    author: message_author_id,
  };
  await (reaction.emoji === REMOVING ? removal(reaction) : reactions(reaction));
}
