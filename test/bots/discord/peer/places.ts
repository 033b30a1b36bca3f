import { ChannelType, OverwriteType } from 'discord-api-types/v10';
import type { Gateway } from './gateway.ts';
import { memberView } from './member.ts';
import { channelView, type News } from './news.ts';
import { bits, EVERYONE, type Permission } from './permissions.ts';
import type { Channels } from './routes/channels.ts';
import type { Twin } from './twin.ts';
import { iso } from './view.ts';
import { type ChannelRecord, type GuildRecord, must, type World } from './world.ts';

/** A server. */
export interface NewGuild {
  /** False: the bot is no member; people may use it by an installation of their own. */
  readonly installed?: boolean;
  readonly locale?: string;
  /** What the bot's own role adds to what everyone may. */
  readonly botPermissions?: readonly Permission[];
  /** What everyone may do. */
  readonly everyone?: readonly Permission[];
  /** Bytes that a file of a message may have here. */
  readonly uploadLimit?: number;
}

export interface NewChannel {
  /** Age-restricted. */
  readonly nsfw?: boolean;
  /** What the bot may not do here. */
  readonly botMayNot?: readonly Permission[];
}

export interface NewMember {
  readonly permissions?: readonly Permission[];
  readonly nick?: string;
}

export interface PeerChannel {
  readonly id: string;
  readonly name: string;
  /** A thread in it, made by somebody. On a message, it has that message's id. */
  thread(name: string, by: { readonly id: string }, on?: { readonly id: string }): Promise<PeerChannel>;
  /** Take permissions from the bot from now on. */
  botMayNot(permissions: readonly Permission[]): void;
  /** Of a thread: it was quiet for long. Bots that come later are not told of it. */
  archive(): void;
}

export interface PeerGuild {
  readonly id: string;
  readonly name: string;
  channel(name: string, options?: NewChannel): Promise<PeerChannel>;
  /** Let somebody in. */
  join(person: { readonly id: string }, options?: NewMember): Promise<void>;
}

export interface PlacesOptions {
  readonly world: World;
  readonly twin: Twin;
  readonly news: News;
  readonly channels: Channels;
  readonly gateway: Gateway;
  readonly uploadLimit: number;
  /** The server as a new member's client is told of it. */
  readonly show: (guildId: string) => Promise<object>;
}

/** Makes servers and channels, before the bot comes or while it listens. */
export function createPlaces(options: PlacesOptions): {
  guild(name: string, given?: NewGuild): Promise<PeerGuild>;
} {
  const { world, twin, news, channels, gateway } = options;

  function denied(permissions: readonly Permission[]): ChannelRecord['overwrites'] {
    if (permissions.length === 0) return [];
    return [{ id: world.botId, type: OverwriteType.Member, allow: '0', deny: String(bits(permissions)) }];
  }

  function toChannel({ id, name }: ChannelRecord): PeerChannel {
    return {
      id,
      name,
      async thread(threadName, by, on) {
        const parent = must(world.channels.get(id), 'channel');
        return toChannel(await channels.thread(parent, threadName, by.id, on?.id));
      },
      botMayNot(permissions) {
        const changed = { ...must(world.channels.get(id), 'channel'), overwrites: denied(permissions) };
        world.channels.set(id, changed);
        news.channel('CHANNEL_UPDATE', changed, channelView(world, changed));
      },
      archive() {
        const changed = { ...must(world.channels.get(id), 'thread'), archived: true };
        world.channels.set(id, changed);
        news.channel('THREAD_UPDATE', changed, channelView(world, changed));
      },
    };
  }

  async function role(
    guild: GuildRecord,
    id: string,
    name: string,
    permissions: readonly Permission[],
  ): Promise<void> {
    const made = {
      id,
      name,
      color: 0,
      colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
      hoist: false,
      position: guild.roles.size,
      permissions: String(bits(permissions)),
      managed: false,
      mentionable: false,
      flags: 0,
    };
    guild.roles.set(id, made);
    if (guild.installed) await twin.addRole(guild.id, made);
  }

  async function join(guild: GuildRecord, id: string, { permissions = [], nick }: NewMember): Promise<void> {
    const roles = permissions.length === 0 ? [] : [world.ids.next()];
    for (const one of roles) await role(guild, one, `role of ${id}`, permissions);
    guild.members.set(id, { roles, nick: nick ?? null, joinedAt: iso(Date.now()) });
    if (guild.installed) await twin.addMember(guild.id, id, roles, nick ?? null);
  }

  return {
    async guild(name, given = {}) {
      const guild: GuildRecord = {
        id: world.ids.next(),
        name,
        ownerId: world.ids.next(),
        locale: given.locale ?? 'en-US',
        installed: given.installed ?? true,
        roles: new Map(),
        members: new Map(),
        uploadLimit: given.uploadLimit ?? options.uploadLimit,
      };
      world.guilds.set(guild.id, guild);
      if (guild.installed) await twin.addGuild(guild);
      await role(guild, guild.id, '@everyone', given.everyone ?? EVERYONE);
      if (guild.installed) await join(guild, world.botId, { permissions: given.botPermissions ?? [] });
      if (guild.installed && gateway.sessions.size > 0) {
        const shown = await options.show(guild.id);
        gateway.dispatch({ event: 'GUILD_CREATE', guildId: guild.id, intent: 1, data: () => shown });
      }
      return {
        id: guild.id,
        name,
        async channel(channelName, { nsfw = false, botMayNot = [] } = {}) {
          const channel: ChannelRecord = {
            id: world.ids.next(),
            type: ChannelType.GuildText,
            guildId: guild.id,
            name: channelName,
            nsfw,
            parentId: null,
            overwrites: denied(botMayNot),
          };
          world.channels.set(channel.id, channel);
          if (guild.installed) await twin.addChannel(channel, null);
          news.channel('CHANNEL_CREATE', channel, channelView(world, channel));
          return toChannel(channel);
        },
        async join(person, member = {}) {
          await join(guild, person.id, member);
          if (!guild.installed) return;
          for (const id of guild.members.get(person.id)?.roles ?? []) {
            gateway.dispatch({
              event: 'GUILD_ROLE_CREATE',
              guildId: guild.id,
              intent: 1,
              data: () => ({ guild_id: guild.id, role: guild.roles.get(id) }),
            });
          }
          gateway.dispatch({
            event: 'GUILD_MEMBER_ADD',
            guildId: guild.id,
            intent: 2,
            data: () => ({ ...memberView(world, guild, person.id), guild_id: guild.id }),
          });
        },
      };
    },
  };
}
