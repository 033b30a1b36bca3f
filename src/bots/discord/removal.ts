import { type Client, PermissionFlagsBits } from 'discord.js';
import { z } from 'zod';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import type { Api } from './api.ts';
import { troubleOf } from './api-errors.ts';
import { type Carried, readCustomId } from './custom-id.ts';
import type { Reaction } from './reactions.ts';
import type { WireMessage } from './wire.ts';

/** What takes an answer of ours away. */
export const REMOVING = '❌';

const row = z.object({ components: z.array(z.object({ custom_id: z.string().optional() })) });

/** What removing needs. */
export interface RemovalOptions {
  readonly client: Client;
  readonly api: Api;
  readonly queue: Pick<RequestQueue, 'cancel' | 'note'>;
  readonly log: Log;
}

/** Take an answer of ours away, or cancel what is still open, for whoever asked or moderates; nobody else is answered. */
export function createRemoval({
  client,
  api,
  queue,
  log,
}: RemovalOptions): (reaction: Reaction) => Promise<void> {
  return async (reaction) => {
    const { channel, message: id, person, author } = reaction;
    // Everybody puts it on everything: only what is ours is worth a call.
    if (author !== undefined && author !== client.user?.id) return;
    try {
      const message = await api.message(channel, id);
      if (message.author.id !== client.user?.id) return;
      const buttons = carriedBy(message);
      const asker = buttons[0]?.asker ?? message.interaction_metadata?.user.id;
      if (asker !== person && !(await moderates(reaction))) return;
      const open = buttons.find(({ action }) => action === 'cancel');
      if (open !== undefined && asker !== undefined) {
        // In the name of whoever asked: a moderator may take away what is not there yet, too.
        await queue.cancel(open.subject, asker);
        return;
      }
      const request = buttons[0]?.subject;
      if (request !== undefined) await queue.note(request, 'deleted', person);
      await api.remove(channel, id);
    } catch (error) {
      log.info({ err: troubleOf(error) }, 'A message could not be taken away');
    }
  };

  async function moderates({ server, channel: id, person }: Reaction): Promise<boolean> {
    const channel = client.channels.cache.get(id);
    if (server === undefined || channel === undefined || channel.isDMBased()) return false;
    const member = await channel.guild.members.fetch(person);
    return channel.permissionsFor(member).has(PermissionFlagsBits.ManageMessages);
  }
}

/** What the buttons below a message remember. */
function carriedBy({ components }: WireMessage): readonly Carried[] {
  const rows = row.array().safeParse(components);
  const ids = rows.success
    ? rows.data.flatMap((each) => each.components.flatMap(({ custom_id: id }) => id ?? []))
    : [];
  return ids.flatMap((id) => readCustomId(id) ?? []);
}
