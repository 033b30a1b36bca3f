import { ApplicationFlags, ChannelType, GatewayIntentBits } from 'discord-api-types/v10';
import type { Gateway } from './gateway.ts';
import { memberView } from './member.ts';
import { iso, type Views } from './view.ts';
import { type ChannelRecord, type Kept, must, type World } from './world.ts';

/** Tells the gateway what happened, in Discord's own events. */
export interface News {
  message(event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', kept: Kept): void;
  removed(kept: Kept): void;
  reaction(
    event: 'MESSAGE_REACTION_ADD' | 'MESSAGE_REACTION_REMOVE',
    kept: Kept,
    userId: string,
    emoji: string,
  ): void;
  /** A channel or thread that was made, changed or removed. */
  channel(event: string, channel: ChannelRecord, data: unknown): void;
}

export function createNews(world: World, views: Views, gateway: () => Gateway): News {
  function place({ channelId }: Kept): ChannelRecord {
    return must(world.channels.get(channelId), 'channel of a message');
  }

  /** Whether the bot is where this happens. */
  function hears({ guildId, type }: ChannelRecord): boolean {
    if (type === ChannelType.GroupDM) return false;
    return guildId === null || world.guilds.get(guildId)?.installed === true;
  }

  function author(kept: Kept, { guildId }: ChannelRecord): object {
    const guild = guildId === null ? undefined : world.guilds.get(guildId);
    if (guild === undefined) return {};
    const { user: _, ...member } = memberView(world, guild, kept.authorId);
    return { guild_id: guild.id, member };
  }

  return {
    message(event, kept) {
      const channel = place(kept);
      if (kept.ephemeralFor !== undefined || !hears(channel)) return;
      gateway().dispatch({
        event,
        guildId: channel.guildId,
        intent: channel.guildId === null ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages,
        data: ({ intents }) => ({
          ...views.message(kept, (intents & GatewayIntentBits.MessageContent) !== 0),
          channel_type: channel.type,
          ...author(kept, channel),
        }),
      });
    },
    removed(kept) {
      const channel = place(kept);
      if (kept.ephemeralFor !== undefined || !hears(channel)) return;
      gateway().dispatch({
        event: 'MESSAGE_DELETE',
        guildId: channel.guildId,
        intent: channel.guildId === null ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages,
        data: () => ({ id: kept.id, channel_id: channel.id, ...guildOf(channel) }),
      });
    },
    reaction(event, kept, userId, emoji) {
      const channel = place(kept);
      if (!hears(channel)) return;
      const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
      const added = event === 'MESSAGE_REACTION_ADD';
      gateway().dispatch({
        event,
        guildId: channel.guildId,
        intent:
          guild === undefined
            ? GatewayIntentBits.DirectMessageReactions
            : GatewayIntentBits.GuildMessageReactions,
        data: () => ({
          user_id: userId,
          channel_id: channel.id,
          message_id: kept.id,
          ...guildOf(channel),
          ...(added && guild !== undefined ? { member: memberView(world, guild, userId) } : {}),
          emoji: { id: null, name: emoji },
          ...(added ? { message_author_id: kept.authorId, burst_colors: [] } : {}),
          burst: false,
          type: 0,
        }),
      });
    },
    channel(event, channel, data) {
      if (!hears(channel)) return;
      gateway().dispatch({
        event,
        guildId: channel.guildId,
        ...(channel.guildId === null ? {} : { intent: GatewayIntentBits.Guilds }),
        data: () => data,
      });
    },
  };
}

function guildOf({ guildId }: ChannelRecord): object {
  return guildId === null ? {} : { guild_id: guildId };
}

/** A channel or thread as Discord shows it. */
export function channelView(world: World, channel: ChannelRecord): Readonly<Record<string, unknown>> {
  const { id, type, guildId, name, nsfw, parentId, overwrites, recipient } = channel;
  if (guildId === null) {
    const other = recipient === undefined ? undefined : world.users.get(recipient);
    return { id, type, last_message_id: null, recipients: other === undefined ? [] : [other.api] };
  }
  const thread = {
    owner_id: world.botId,
    message_count: 0,
    member_count: 1,
    rate_limit_per_user: 0,
    thread_metadata: {
      archived: channel.archived ?? false,
      auto_archive_duration: 1440,
      archive_timestamp: iso(Date.now()),
      locked: false,
    },
  };
  const plain = { nsfw, position: 0, topic: null, permission_overwrites: overwrites, rate_limit_per_user: 0 };
  const isThread = parentId !== null && type >= 10 && type <= 12;
  return {
    id,
    type,
    guild_id: guildId,
    name,
    parent_id: parentId,
    last_message_id: null,
    ...(isThread ? thread : plain),
  };
}

/** Whether the application may read every message's content over REST. */
export function readsContent(flags: number): boolean {
  return (
    (flags & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) !== 0
  );
}
