import { ChannelType } from 'discord-api-types/v10';
import { z } from 'zod';
import type { Messages } from '../messages.ts';
import { channelView, type News } from '../news.ts';
import { botsChannel, isThread } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import type { Answer, Call, Route } from '../server.ts';
import type { Twin } from '../twin.ts';
import type { ChannelRecord, World } from '../world.ts';

const threadBody = z.object({ name: z.string(), type: z.number().nullish() });
const directBody = z.object({ recipient_id: z.string() });
const patchBody = z.object({ name: z.string().nullish(), archived: z.boolean().nullish() });

/** Channels, threads and direct messages. */
export interface Channels {
  /** A thread in a channel; on a message it has that message's id, as Discord's have. */
  thread(parent: ChannelRecord, name: string, ownerId: string, messageId?: string): Promise<ChannelRecord>;
  /** The one direct channel of a person and the bot. */
  direct(userId: string): ChannelRecord;
  readonly routes: readonly Route[];
}

export function createChannels(world: World, twin: Twin, messages: Messages, news: News): Channels {
  async function thread(
    parent: ChannelRecord,
    name: string,
    ownerId: string,
    messageId?: string,
  ): Promise<ChannelRecord> {
    const channel: ChannelRecord = {
      id: messageId ?? world.ids.next(),
      type: ChannelType.PublicThread,
      guildId: parent.guildId,
      name,
      nsfw: parent.nsfw,
      parentId: parent.id,
      overwrites: [],
    };
    world.channels.set(channel.id, channel);
    const known = parent.guildId !== null && world.guilds.get(parent.guildId)?.installed === true;
    if (known) await twin.addChannel(channel, ownerId);
    const view = { ...channelView(world, channel), owner_id: ownerId, newly_created: true };
    news.channel('THREAD_CREATE', channel, view);
    const starter = messageId === undefined ? undefined : world.messages.get(messageId);
    if (starter !== undefined) {
      starter.threadId = channel.id;
      news.message('MESSAGE_UPDATE', starter);
    }
    return channel;
  }

  function direct(userId: string): ChannelRecord {
    const known = [...world.channels.values()].find(({ recipient }) => recipient === userId);
    if (known !== undefined) return known;
    const channel: ChannelRecord = {
      id: world.ids.next(),
      type: ChannelType.DM,
      guildId: null,
      name: '',
      nsfw: false,
      parentId: null,
      overwrites: [],
      recipient: userId,
    };
    world.channels.set(channel.id, channel);
    return channel;
  }

  async function startThread(call: Call): Promise<Answer> {
    const { channel = '', message } = call.params;
    const parent = botsChannel(world, channel, ['CreatePublicThreads']);
    if (parent.guildId === null || isThread(parent)) {
      throw new Refusal(400, 50024, 'Cannot execute action on this channel type');
    }
    const { name, type } = threadBody.parse(call.sent.body);
    if (message === undefined) {
      // Discord makes private threads where nothing is said; the peer has public ones only.
      if (type !== ChannelType.PublicThread)
        throw new Refusal(400, 50024, 'The peer has public threads only');
    } else {
      messages.find(channel, message);
      if (world.channels.has(message)) {
        throw new Refusal(400, 160004, 'A thread has already been created for this message');
      }
    }
    const made = await thread(parent, name, world.botId, message);
    return { status: 201, body: channelView(world, made) };
  }

  function change(call: Call): Answer {
    const before = botsChannel(world, call.params.channel ?? '');
    if (!isThread(before)) botsChannel(world, before.id, ['ManageChannels']);
    const { name, archived } = patchBody.parse(call.sent.body);
    const after = { ...before, name: name ?? before.name, archived: archived ?? before.archived ?? false };
    world.channels.set(after.id, after);
    const view = channelView(world, after);
    news.channel(isThread(after) ? 'THREAD_UPDATE' : 'CHANNEL_UPDATE', after, view);
    return { body: view };
  }

  function remove(call: Call): Answer {
    const channel = botsChannel(world, call.params.channel ?? '', ['ManageThreads']);
    world.channels.delete(channel.id);
    const view = channelView(world, channel);
    news.channel(isThread(channel) ? 'THREAD_DELETE' : 'CHANNEL_DELETE', channel, view);
    return { body: view };
  }

  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/channels/:channel',
      handle: ({ params }) => ({ body: channelView(world, botsChannel(world, params.channel ?? '')) }),
    },
    { method: 'PATCH', path: '/channels/:channel', handle: change },
    { method: 'DELETE', path: '/channels/:channel', handle: remove },
    { method: 'POST', path: '/channels/:channel/threads', handle: startThread },
    { method: 'POST', path: '/channels/:channel/messages/:message/threads', handle: startThread },
    {
      method: 'POST',
      path: '/channels/:channel/typing',
      handle: ({ params }) => {
        botsChannel(world, params.channel ?? '', ['SendMessages']);
        return {};
      },
    },
    {
      method: 'PUT',
      path: '/channels/:channel/thread-members/@me',
      handle: ({ params }) => {
        botsChannel(world, params.channel ?? '');
        return {};
      },
    },
    {
      method: 'POST',
      path: '/users/@me/channels',
      handle: ({ sent }) => {
        const { recipient_id: id } = directBody.parse(sent.body);
        if (!world.users.has(id)) throw new Refusal(400, 50033, 'Invalid Recipient(s)');
        return { body: channelView(world, direct(id)) };
      },
    },
  ];
  return { thread, direct, routes };
}
