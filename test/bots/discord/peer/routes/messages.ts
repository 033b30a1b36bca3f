import { messageBody } from '../message-body.ts';
import type { Messages } from '../messages.ts';
import { botsChannel, isThread, type Permission } from '../permissions.ts';
import { invalidForm, missingPermissions, Refusal } from '../refusal.ts';
import type { Call, Route } from '../server.ts';
import type { Views } from '../view.ts';
import type { ChannelRecord, Kept, World } from '../world.ts';

export interface MessageRoutesOptions {
  readonly world: World;
  readonly messages: Messages;
  readonly views: Views;
  /** Whether the application may read everybody's messages. */
  readonly content: boolean;
  readonly uploadLimit: (channel: ChannelRecord) => number;
}

/** `/channels/:channel/messages`. */
export function messageRoutes(options: MessageRoutesOptions): readonly Route[] {
  const { world, messages, views, content, uploadLimit } = options;
  const channelOf = (call: Call, ...needed: readonly Permission[]): ChannelRecord =>
    botsChannel(world, call.params.channel ?? '', needed);

  function find(call: Call, ...needed: readonly Permission[]): Kept {
    const { id } = channelOf(call, ...needed);
    return messages.find(id, call.params.message ?? '');
  }

  function list(call: Call): readonly Kept[] {
    const channel = channelOf(call);
    const { limit = '50', before, after, around } = call.sent.query;
    const count = Number(limit);
    if (!(count >= 1 && count <= 100))
      throw invalidForm('limit', 'NUMBER_TYPE_MAX', 'Must be between 1 and 100.');
    const all = [...world.messages.values()]
      .filter((kept) => kept.channelId === channel.id && kept.deletedAt === undefined)
      .filter(({ ephemeralFor }) => ephemeralFor === undefined)
      .sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? 1 : -1));
    if (!mayReadHistory(channel)) return [];
    if (after !== undefined) return all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(-count);
    if (before !== undefined) return all.filter(({ id }) => BigInt(id) < BigInt(before)).slice(0, count);
    if (around === undefined) return all.slice(0, count);
    const middle = all.findIndex(({ id }) => BigInt(id) <= BigInt(around));
    const start = Math.max(0, middle - Math.floor(count / 2));
    return all.slice(start, start + count);
  }

  /** Without the permission Discord lists nothing rather than refusing. */
  function mayReadHistory(channel: ChannelRecord): boolean {
    try {
      botsChannel(world, channel.id, ['ReadMessageHistory']);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  const path = '/channels/:channel/messages';
  return [
    {
      method: 'GET',
      path,
      handle: (call) => ({ body: list(call).map((kept) => views.message(kept, content)) }),
    },
    {
      method: 'GET',
      path: `${path}/:message`,
      handle: (call) => ({ body: views.message(find(call, 'ReadMessageHistory'), content) }),
    },
    {
      method: 'POST',
      path,
      handle: async (call) => {
        const seen = channelOf(call);
        const body = messageBody.parse(call.sent.body ?? {});
        const needed: Permission[] = [isThread(seen) ? 'SendMessagesInThreads' : 'SendMessages'];
        if (call.sent.files.size > 0) needed.push('AttachFiles');
        const channel = channelOf(call, ...needed);
        if (body.message_reference && !mayReadHistory(channel)) {
          throw new Refusal(403, 160002, 'Cannot reply without permission to read message history');
        }
        const kept = await messages.post({
          channel,
          authorId: world.botId,
          body,
          uploads: call.sent.files,
          uploadLimit: uploadLimit(channel),
        });
        return { body: views.message(kept, true) };
      },
    },
    {
      method: 'PATCH',
      path: `${path}/:message`,
      handle: async (call) => {
        const kept = find(call);
        if (kept.authorId !== world.botId)
          throw new Refusal(403, 50005, 'Cannot edit a message authored by another user');
        if (call.sent.files.size > 0) channelOf(call, 'AttachFiles');
        const body = messageBody.parse(call.sent.body ?? {});
        await messages.edit(kept, body, call.sent.files, uploadLimit(channelOf(call)));
        return { body: views.message(kept, true) };
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:message`,
      handle: (call) => {
        const kept = find(call);
        if (kept.authorId !== world.botId) {
          const { guildId } = channelOf(call, 'ManageMessages');
          if (guildId === null) throw missingPermissions();
        }
        messages.remove(kept);
        return {};
      },
    },
  ];
}
