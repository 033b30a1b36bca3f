import {
  type APIAttachment,
  type APIMessage,
  type APIMessageSnapshotFields,
  AttachmentFlags,
  MessageFlags,
} from 'discord-api-types/v10';
import type { Cdn } from './cdn.ts';
import { madeAt } from './ids.ts';
import { isThread } from './permissions.ts';
import { type Kept, latest, must, type StoredFile, type World } from './world.ts';

/** Makes of kept messages what Discord shows. */
export interface Views {
  attachment(file: StoredFile): APIAttachment;
  /** @param content whether the reader may see the content of people's messages */
  message(kept: Kept, content: boolean): APIMessage;
}

export function createViews(world: World, cdn: Cdn): Views {
  function attachment(file: StoredFile): APIAttachment {
    const url = cdn.sign(file);
    return {
      id: file.id,
      filename: file.name,
      size: file.bytes.byteLength,
      url,
      proxy_url: url.replace(cdn.url, `${cdn.url}/media`),
      content_type: file.contentType,
      ...(file.width === undefined ? {} : { width: file.width }),
      ...(file.height === undefined ? {} : { height: file.height }),
      ...(file.description === undefined ? {} : { description: file.description }),
      ...(file.spoiler ? { flags: AttachmentFlags.IsSpoiler } : {}),
      ...(file.ephemeral ? { ephemeral: true } : {}),
    };
  }

  /** The content of messages is for those who may read it: their author, who is mentioned, or the two who talk. */
  function mayRead(kept: Kept, content: boolean): boolean {
    const channel = world.channels.get(kept.channelId);
    return (
      content ||
      kept.authorId === world.botId ||
      kept.mentions.includes(world.botId) ||
      (channel !== undefined && channel.guildId === null)
    );
  }

  function body(
    kept: Kept,
    readable: boolean,
  ): Required<Pick<APIMessage, 'content' | 'attachments' | 'embeds' | 'components'>> {
    if (!readable) return { content: '', attachments: [], embeds: [], components: [] };
    const { content, attachments, embeds, components } = latest(kept);
    const used = new Set<string>();
    const link = (text: string): string => {
      const name = /^attachment:\/\/(.+)$/.exec(text)?.[1];
      const file = attachments.find((one) => one.name === name);
      if (file === undefined) return text;
      used.add(file.id);
      return cdn.sign(file);
    };
    const linkedEmbeds = withLinks(embeds, link);
    const linkedComponents = withLinks(components, link);
    return {
      content,
      embeds: linkedEmbeds,
      components: linkedComponents,
      // What an embed or a gallery shows is no attachment any longer.
      attachments: attachments.filter(({ id }) => !used.has(id)).map(attachment),
    };
  }

  function snapshot(kept: Kept, readable: boolean): { message: APIMessageSnapshotFields } {
    const { content, attachments, embeds, components } = body(kept, readable);
    return {
      message: {
        type: kept.type,
        content,
        attachments,
        embeds,
        components,
        timestamp: iso(madeAt(kept.id)),
        edited_timestamp: null,
        mentions: [],
        mention_roles: [],
        flags: latest(kept).flags,
      },
    };
  }

  function message(kept: Kept, content: boolean): APIMessage {
    const readable = mayRead(kept, content);
    const now = latest(kept);
    const answered = kept.reference?.type === 1 ? undefined : kept.reference?.message_id;
    const referenced = answered === undefined ? undefined : world.messages.get(answered);
    const thread = kept.threadId === undefined ? undefined : world.channels.get(kept.threadId);
    const edited = kept.editions.length > 1 && (now.flags & MessageFlags.Loading) === 0;
    return {
      id: kept.id,
      type: kept.type,
      channel_id: kept.channelId,
      author: must(world.users.get(kept.authorId), 'author').api,
      ...body(kept, readable),
      timestamp: iso(madeAt(kept.id)),
      edited_timestamp: edited ? iso(now.at) : null,
      tts: false,
      mention_everyone: false,
      mentions: kept.mentions.flatMap((id) => world.users.get(id)?.api ?? []),
      mention_roles: [],
      pinned: false,
      flags: now.flags | (thread === undefined ? 0 : MessageFlags.HasThread),
      ...(kept.nonce === undefined ? {} : { nonce: kept.nonce }),
      ...(kept.stickers.length === 0 ? {} : { sticker_items: [...kept.stickers] }),
      ...(kept.reference === undefined ? {} : { message_reference: kept.reference }),
      ...(answered === undefined
        ? {}
        : {
            referenced_message:
              referenced === undefined || referenced.deletedAt !== undefined
                ? null
                : message(referenced, content),
          }),
      ...(kept.snapshots === undefined
        ? {}
        : { message_snapshots: kept.snapshots.map((one) => snapshot(one, readable)) }),
      ...(kept.interaction === undefined ? {} : { interaction_metadata: kept.interaction }),
      ...(kept.authorId === world.botId && kept.interaction !== undefined ? { webhook_id: world.botId } : {}),
      ...(kept.authorId === world.botId ? { application_id: world.botId } : {}),
      ...(kept.reactions.size === 0 ? {} : { reactions: reactionsOf(kept) }),
      ...(thread === undefined || !isThread(thread) ? {} : { position: 0 }),
    };
  }

  function reactionsOf(kept: Kept): NonNullable<APIMessage['reactions']> {
    return [...kept.reactions].map(([emoji, people]) => ({
      emoji: { id: null, name: emoji },
      count: people.size,
      count_details: { burst: 0, normal: people.size },
      me: people.has(world.botId),
      me_burst: false,
      burst_colors: [],
    }));
  }

  return { attachment, message };
}

/** A copy with every text replaced by what `link` makes of it. */
function withLinks<T>(value: T, link: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'string' ? link(part) : part,
  );
}

/** As Discord writes times. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace('Z', '000+00:00');
}
