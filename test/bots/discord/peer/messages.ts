import {
  type APIMessage,
  type APIMessageInteractionMetadata,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10';
import { type NewFile, storeFile } from './files.ts';
import { checkContent, emptyMessage, type MessageBody } from './message-body.ts';
import type { News } from './news.ts';
import { invalidForm, Refusal, unknownMessage } from './refusal.ts';
import {
  type ChannelRecord,
  type Edition,
  type Kept,
  latest,
  must,
  type StoredFile,
  type World,
} from './world.ts';

/** Files of a request by their number: `files[0]`. */
export type Uploads = ReadonlyMap<string, NewFile>;

/** A message to be posted. */
export interface Draft {
  readonly channel: ChannelRecord;
  readonly authorId: string;
  readonly body: MessageBody;
  readonly uploads: Uploads;
  readonly uploadLimit: number;
  readonly ephemeralFor?: string | undefined;
  readonly interaction?: APIMessageInteractionMetadata | undefined;
  readonly stickers?: Kept['stickers'];
  readonly snapshots?: readonly Kept[] | undefined;
  /** For a placeholder that says “thinking…”, and for what an application thinks of. */
  readonly mayBeEmpty?: boolean;
  readonly type?: MessageType;
}

/** Posts, changes and removes messages by Discord's rules, and tells who listens. */
export interface Messages {
  /** @throws Refusal 40005, 50006, 50035 */
  post(draft: Draft): Promise<Kept>;
  /** What the body leaves out stays. @throws Refusal 40005, 50006, 50035 */
  edit(kept: Kept, body: MessageBody, uploads: Uploads, uploadLimit: number): Promise<void>;
  remove(kept: Kept): void;
  /** @throws Refusal 10008 */
  find(channelId: string, id: string): Kept;
}

/** How long a nonce stands for its message. */
const NONCE_MS = 5 * 60_000;

export function createMessages(world: World, news: News): Messages {
  const nonces = new Map<string, { readonly kept: Promise<Kept>; readonly at: number }>();

  async function post(draft: Draft): Promise<Kept> {
    const { nonce, enforce_nonce } = draft.body;
    if (nonce !== undefined && nonce !== null && String(nonce).length > 25) {
      throw invalidForm('nonce', 'NONCE_TYPE_TOO_LONG', 'Must be 25 or fewer in length.');
    }
    if (nonce === undefined || nonce === null || enforce_nonce !== true) return create(draft);
    const key = `${draft.authorId} ${draft.channel.id} ${nonce}`;
    const earlier = nonces.get(key);
    if (earlier !== undefined && Date.now() - earlier.at < NONCE_MS) return earlier.kept;
    const kept = create(draft);
    nonces.set(key, { kept, at: Date.now() });
    kept.catch(() => nonces.delete(key));
    return kept;
  }

  async function create(draft: Draft): Promise<Kept> {
    const { channel, authorId, body, ephemeralFor, interaction } = draft;
    const stickers = draft.stickers ?? [];
    const reference = referenceOf(channel, body);
    const first = await edition(channel, body, draft.uploads, draft.uploadLimit, ephemeralFor !== undefined);
    if (
      draft.mayBeEmpty !== true &&
      stickers.length === 0 &&
      draft.snapshots === undefined &&
      isEmpty(first)
    ) {
      throw emptyMessage();
    }
    const kept: Kept = {
      id: world.ids.next(),
      channelId: channel.id,
      authorId,
      type:
        draft.type ??
        (reference !== undefined && reference.type !== 1 ? MessageType.Reply : MessageType.Default),
      editions: [first],
      nonce: body.nonce === undefined || body.nonce === null ? undefined : String(body.nonce),
      reference,
      snapshots: draft.snapshots,
      stickers,
      interaction,
      ephemeralFor,
      mentions: mentionsOf(body),
      reactions: new Map(),
    };
    world.messages.set(kept.id, kept);
    news.message('MESSAGE_CREATE', kept);
    return kept;
  }

  /** @throws Refusal 50035 for a message that is not there */
  function referenceOf(channel: ChannelRecord, body: MessageBody): APIMessage['message_reference'] {
    const { message_reference: wanted } = body;
    if (wanted === undefined || wanted === null) return undefined;
    const target = world.messages.get(wanted.message_id);
    if (wanted.type !== 1 && (target?.channelId !== channel.id || target.deletedAt !== undefined)) {
      if (wanted.fail_if_not_exists === false) return undefined;
      throw invalidForm('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
    }
    return {
      type: wanted.type === 1 ? 1 : 0,
      message_id: wanted.message_id,
      channel_id: target?.channelId ?? channel.id,
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
    };
  }

  function mentionsOf({ content, allowed_mentions: allowed }: MessageBody): readonly string[] {
    const named = [...(content ?? '').matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => id ?? []);
    if (allowed === undefined || allowed === null || allowed.parse?.includes('users'))
      return [...new Set(named)];
    return [...new Set(named)].filter((id) => allowed.users?.includes(id));
  }

  async function edition(
    channel: ChannelRecord,
    body: MessageBody,
    uploads: Uploads,
    limit: number,
    ephemeral: boolean,
    before?: Edition,
  ): Promise<Edition> {
    const content = body.content === undefined ? (before?.content ?? '') : (body.content ?? '');
    const embeds = body.embeds === undefined ? (before?.embeds ?? []) : (body.embeds ?? []);
    const components = body.components === undefined ? (before?.components ?? []) : (body.components ?? []);
    const kept = ((before?.flags ?? 0) & ~MessageFlags.Loading) | (ephemeral ? MessageFlags.Ephemeral : 0);
    const flags = kept | (body.flags ?? 0);
    checkContent(content, embeds, components, flags);
    if ([...uploads.values()].some(({ bytes }) => bytes.byteLength > limit)) {
      throw new Refusal(413, 40005, 'Request entity too large');
    }
    const described = new Map((body.attachments ?? []).map((one) => [one.id, one]));
    const earlier = before?.attachments ?? [];
    const staying = body.attachments === undefined ? earlier : earlier.filter(({ id }) => described.has(id));
    for (const id of described.keys()) {
      if (!uploads.has(id) && !earlier.some((one) => one.id === id)) {
        throw invalidForm('attachments', 'ATTACHMENT_NOT_FOUND', `Attachment data for ${id} not found`);
      }
    }
    const added: StoredFile[] = [];
    for (const [id, upload] of uploads) {
      const { filename, description, is_spoiler: spoiler } = described.get(id) ?? {};
      const file = {
        ...upload,
        name: filename ?? upload.name,
        description: description ?? upload.description,
        spoiler: spoiler ?? upload.spoiler,
      };
      added.push(await storeFile(world, file, { folder: ephemeral ? world.botId : channel.id, ephemeral }));
    }
    const attachments = [
      ...staying.map((file) => ({
        ...file,
        description: described.get(file.id)?.description ?? file.description,
      })),
      ...added,
    ];
    if (attachments.length > 10) throw new Refusal(400, 30015, 'Maximum number of attachments reached (10)');
    return { at: Date.now(), content, embeds, components, attachments, flags };
  }

  return {
    post,
    async edit(kept, body, uploads, limit) {
      const channel = must(world.channels.get(kept.channelId), 'channel of a message');
      const ephemeral = kept.ephemeralFor !== undefined;
      const next = await edition(channel, body, uploads, limit, ephemeral, latest(kept));
      if (isEmpty(next)) throw emptyMessage();
      kept.editions.push(next);
      news.message('MESSAGE_UPDATE', kept);
    },
    remove(kept) {
      kept.deletedAt = Date.now();
      news.removed(kept);
    },
    find(channelId, id) {
      const kept = world.messages.get(id);
      if (kept === undefined || kept.channelId !== channelId || kept.deletedAt !== undefined)
        throw unknownMessage();
      if (kept.ephemeralFor !== undefined) throw unknownMessage();
      return kept;
    },
  };
}

function isEmpty({ content, embeds, components, attachments }: Edition): boolean {
  return content.trim() === '' && embeds.length + components.length + attachments.length === 0;
}
