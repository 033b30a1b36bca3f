import type {
  APIMessage,
  APIMessageInteractionMetadata,
  APIOverwrite,
  APIRole,
  APIUser,
  ChannelType,
} from 'discord-api-types/v10';
import { createIds, type Ids } from './ids.ts';

/** A person or the bot. */
export interface UserRecord {
  readonly api: APIUser;
  readonly locale: string;
  readonly avatar?: Uint8Array | undefined;
}

export interface MemberRecord {
  readonly roles: readonly string[];
  readonly nick: string | null;
  readonly joinedAt: string;
}

/** A server. Where the bot is not `installed`, it gets no events and reads nothing. */
export interface GuildRecord {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  readonly installed: boolean;
  readonly roles: Map<string, APIRole>;
  readonly members: Map<string, MemberRecord>;
  /** Bytes that one file of a message may have. */
  readonly uploadLimit: number;
}

export interface ChannelRecord {
  readonly id: string;
  readonly type: ChannelType;
  /** Null for a direct message. */
  readonly guildId: string | null;
  readonly name: string;
  readonly nsfw: boolean;
  /** The channel that a thread is in. */
  readonly parentId: string | null;
  readonly overwrites: readonly APIOverwrite[];
  /** Who a direct message is with. */
  readonly recipient?: string;
  readonly archived?: boolean;
}

/** The bytes of a file that somebody posted. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Of its address: `/attachments/CHANNEL/ID/NAME`. */
  readonly path: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly description?: string | undefined;
  readonly ephemeral: boolean;
  /** Hidden until somebody clicks. */
  readonly spoiler: boolean;
}

/** What a message was at one time. */
export interface Edition {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly content: string;
  readonly attachments: readonly StoredFile[];
  readonly embeds: APIMessage['embeds'];
  readonly components: NonNullable<APIMessage['components']>;
  readonly flags: number;
}

/** A message as it is kept: addresses of files are signed only when it is looked at. */
export interface Kept {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly type: number;
  /** All that it was, oldest first; the last is what it is. */
  readonly editions: Edition[];
  readonly nonce?: string | undefined;
  readonly reference?: APIMessage['message_reference'];
  readonly snapshots?: readonly Kept[] | undefined;
  readonly stickers: readonly { id: string; name: string; format_type: number }[];
  readonly interaction?: APIMessageInteractionMetadata | undefined;
  /** Who alone sees it. */
  readonly ephemeralFor?: string | undefined;
  readonly mentions: readonly string[];
  /** Ids of people by emoji. */
  readonly reactions: Map<string, Set<string>>;
  threadId?: string;
  deletedAt?: number;
}

/** All that Discord knows. */
export interface World {
  readonly ids: Ids;
  readonly botId: string;
  readonly users: Map<string, UserRecord>;
  readonly guilds: Map<string, GuildRecord>;
  readonly channels: Map<string, ChannelRecord>;
  readonly messages: Map<string, Kept>;
  readonly files: Map<string, StoredFile>;
  /** Sticker's bytes by their ids. */
  readonly stickers: Map<string, Uint8Array>;
  /** Pictures from elsewhere, which embeds show, by their names. */
  readonly external: Map<string, Uint8Array>;
}

export function createWorld(botName: string): World {
  const ids = createIds();
  const botId = ids.next();
  const world: World = {
    ids,
    botId,
    users: new Map(),
    guilds: new Map(),
    channels: new Map(),
    messages: new Map(),
    files: new Map(),
    stickers: new Map(),
    external: new Map(),
  };
  addUser(world, { id: botId, name: botName, bot: true, locale: 'en-US' });
  return world;
}

export interface NewUser {
  readonly id?: string;
  readonly name: string;
  readonly bot?: boolean;
  readonly locale: string;
  readonly avatar?: Uint8Array | undefined;
}

export function addUser(
  world: World,
  { id = world.ids.next(), name, bot, locale, avatar }: NewUser,
): UserRecord {
  const api: APIUser = {
    id,
    username: name,
    discriminator: bot === true ? '0001' : '0',
    global_name: bot === true ? null : name,
    avatar: avatar === undefined ? null : `a${id.padStart(31, '0')}`.slice(0, 32),
    ...(bot === true ? { bot: true } : {}),
  };
  const user: UserRecord = { api, locale, avatar };
  world.users.set(id, user);
  return user;
}

/** What must be there, for the peer's own use. @throws Error naming what is missing */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`the peer has no ${what}`);
  return value;
}

/** The newest edition. */
export function latest(kept: Kept): Edition {
  return must(kept.editions.at(-1), 'edition of a message');
}
