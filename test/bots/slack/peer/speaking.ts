import { randomUUID } from 'node:crypto';
import type { Delivery } from './deliveries.ts';
import { channelType, messageEvent } from './events.ts';
import { type Json, textAt } from './json.ts';
import type { SeenMessage } from './ledger.ts';
import { sharedTs } from './methods/files.ts';
import { type Actor, messageJson } from './payloads.ts';
import type { Person, Said, Saying } from './person.ts';
import { uploadAs } from './uploads.ts';
import type { Channel } from './workspace.ts';

/** An app that is not the bot's. */
const OTHER_APP = 'B0000OTHER';

type Speaking = Pick<Person, 'post' | 'mention' | 'react' | 'unreact' | 'remove' | 'openHome'>;

/** What a person says, and the events by which the app learns of it. */
export function createSpeaking(actor: Actor): Speaking {
  const { world, workspace, member } = actor;

  async function post(channel: Channel, text: string, saying: Saying = {}): Promise<Said> {
    const { files = [], thread } = saying;
    if (channel.kind !== 'im') await workspace.join(channel, member.id);
    const threadTs = thread === undefined ? undefined : (thread.threadTs ?? thread.ts);
    const place = threadTs === undefined ? {} : { thread_ts: threadTs };
    const heard = channel.members.has(workspace.botUser);
    const attachments = [
      ...(saying.forward ? [forwarded(saying.forward)] : []),
      ...(saying.attachments ?? []),
    ];
    const attached = attachments.length > 0 ? { attachments } : {};
    const author = saying.asOtherApp === true ? { bot_id: OTHER_APP } : {};
    let ts: string;
    let told: readonly Json[] = [];
    if (files.length === 0) {
      const posted = await workspace.demand(member.token, 'chat.postMessage', {
        channel: channel.id,
        text,
        ...place,
        ...attached,
        ...author,
      });
      ts = textAt(posted, 'ts');
    } else {
      const into = { channel_id: channel.id, initial_comment: text, ...place };
      told = await uploadAs(world, workspace, member, files, into, heard);
      ts = sharedTs(told[0] ?? {}, channel.id);
    }
    const message = world.ledger.post({
      team: workspace.id,
      channel: channel.id,
      ts,
      threadTs,
      user: member.id,
      byBot: false,
      text,
      blocks: [],
      files: told,
      ...attached,
      metadata: undefined,
      ephemeralTo: undefined,
    });
    return said(channel, message, heard ? eventsOf(channel, message, author) : []);
  }

  /** An app that is mentioned learns of the message twice, where it hears the channel's messages too. */
  function eventsOf(
    channel: Channel,
    message: SeenMessage,
    author: Json,
  ): readonly (readonly [string, Json])[] {
    const { blocks: _blocks, ...plain } = messageJson(world, message);
    const about = {
      ...plain,
      ...author,
      channel: channel.id,
      client_msg_id: randomUUID(),
      event_ts: message.ts,
    };
    const withFiles = message.files.length > 0 ? { subtype: 'file_share', upload: false } : {};
    const events: (readonly [string, Json])[] = [
      [messageEvent(channel), { ...about, ...withFiles, channel_type: channelType(channel) }],
    ];
    if (channel.kind !== 'im' && message.text.includes(`<@${workspace.botUser}>`)) {
      events.unshift(['app_mention', { ...about, type: 'app_mention' }]);
    }
    for (const file of message.files) {
      const id = textAt(file, 'id');
      const shared = {
        type: 'file_shared',
        file_id: id,
        user_id: member.id,
        file: { id },
        channel_id: channel.id,
      };
      events.push(['file_shared', { ...shared, event_ts: message.ts }]);
    }
    return events;
  }

  function said(channel: Channel, message: SeenMessage, events: readonly (readonly [string, Json])[]): Said {
    const sent = events.map(([subscription, event]) => world.events.emit(workspace, subscription, event));
    const delivered = Promise.all(sent).then((all) =>
      all.filter((each): each is Delivery => each !== undefined),
    );
    return { at: Date.now(), user: member.id, channel: channel.id, message, delivered };
  }

  function channelOf(message: SeenMessage): Channel {
    const channel = workspace.channels.get(message.channel);
    if (channel === undefined) throw new Error(`${member.name} is in no channel ${message.channel}`);
    return channel;
  }

  async function react(message: SeenMessage, name: string, on: boolean): Promise<Said> {
    const channel = channelOf(message);
    if (channel.kind !== 'im') await workspace.join(channel, member.id);
    const where = { channel: channel.id, timestamp: message.ts, name };
    await workspace.demand(member.token, on ? 'reactions.add' : 'reactions.remove', where);
    world.ledger.react(channel.id, message.ts, name, member.id, on);
    const type = on ? 'reaction_added' : 'reaction_removed';
    const item = { type: 'message', channel: channel.id, ts: message.ts };
    const event = { type, user: member.id, reaction: name, item, item_user: message.user };
    return said(channel, message, channel.members.has(workspace.botUser) ? [[type, event]] : []);
  }

  return {
    post,
    mention: (channel, text, saying) => post(channel, `<@${workspace.botUser}> ${text}`, saying),
    react: (message, name) => react(message, name, true),
    unreact: (message, name) => react(message, name, false),
    async remove(message) {
      const channel = channelOf(message);
      await workspace.demand(member.token, 'chat.delete', { channel: channel.id, ts: message.ts });
      world.ledger.remove(channel.id, message.ts);
      const event = {
        type: 'message',
        subtype: 'message_deleted',
        hidden: true,
        deleted_ts: message.ts,
        channel: channel.id,
        channel_type: channelType(channel),
        previous_message: messageJson(world, message),
      };
      return said(
        channel,
        message,
        channel.members.has(workspace.botUser) ? [[messageEvent(channel), event]] : [],
      );
    },
    async openHome(tab = 'home') {
      const channel = await workspace.direct(member);
      const view = world.views.home(member.id);
      return world.events.emit(workspace, 'app_home_opened', {
        type: 'app_home_opened',
        user: member.id,
        channel: channel.id,
        tab,
        ...(view === undefined || tab !== 'home' ? {} : { view: view.json }),
      });
    },
  };
}

/** A message as it stands in one that forwards it. */
function forwarded({ user, team, text, ts, channel, files }: SeenMessage): Json {
  return {
    is_share: true,
    is_msg_unfurl: true,
    author_id: user,
    channel_id: channel,
    channel_team: team,
    ts,
    text,
    fallback: text,
    mrkdwn_in: ['text'],
    ...(files.length === 0 ? {} : { files }),
  };
}
