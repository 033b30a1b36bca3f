import { z } from 'zod';

/** A file of a message. */
export interface WireAttachment {
  readonly id: string;
  readonly filename: string;
  readonly url: string;
  readonly content_type?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly flags?: number | undefined;
}

interface WireEmbedded {
  readonly url?: string | null | undefined;
  readonly proxy_url?: string | null | undefined;
}

/** A message, or the copy of one that was forwarded. */
export interface WireContent {
  readonly content?: string | undefined;
  readonly attachments: readonly WireAttachment[];
  readonly embeds: readonly {
    readonly url?: string | null | undefined;
    readonly image?: WireEmbedded | null | undefined;
    readonly thumbnail?: WireEmbedded | null | undefined;
  }[];
  readonly sticker_items: readonly {
    readonly id: string;
    readonly name: string;
    readonly format_type: number;
  }[];
}

/** What `picturesOf` reads of a message, wherever it came from. */
export interface Readable extends WireContent {
  readonly message_snapshots?: readonly { readonly message: WireContent }[];
  readonly referenced_message?: Readable | null | undefined;
}

/** A message as Discord's REST API sends it; fields that we do not read are dropped. */
export interface WireMessage extends Readable {
  readonly id: string;
  readonly channel_id: string;
  readonly content: string;
  readonly author: { readonly id: string; readonly bot?: boolean | undefined };
  readonly message_snapshots: readonly { readonly message: WireContent }[];
  readonly message_reference?: { readonly channel_id?: string | null | undefined } | null | undefined;
  readonly interaction_metadata?: { readonly user: { readonly id: string } } | null | undefined;
  readonly components: readonly unknown[];
}

/** A channel or thread as Discord's REST API sends it. */
export interface WireChannel {
  readonly id: string;
  readonly type: number;
  readonly nsfw?: boolean | undefined;
  readonly parent_id?: string | null | undefined;
}

/** What the API answers to a message that was posted or edited. */
export interface WirePosted {
  readonly id: string;
  readonly channel_id: string;
  readonly content: string;
  readonly attachments: readonly { readonly id: string; readonly filename: string }[];
}

/** The application that the token belongs to. */
export interface WireApplication {
  readonly id: string;
  readonly flags: number;
}

/** New addresses for attachments whose old ones have expired. */
export interface WireRefreshed {
  readonly refreshed_urls: readonly { readonly original: string; readonly refreshed: string }[];
}

const attachment = z.object({
  id: z.string(),
  filename: z.string(),
  url: z.string(),
  content_type: z.string().nullish(),
  description: z.string().nullish(),
  flags: z.number().optional(),
});

const embedded = z.object({ url: z.string().nullish(), proxy_url: z.string().nullish() });

const content = z.object({
  content: z.string().default(''),
  attachments: z.array(attachment).default([]),
  embeds: z
    .array(z.object({ url: z.string().nullish(), image: embedded.nullish(), thumbnail: embedded.nullish() }))
    .default([]),
  sticker_items: z.array(z.object({ id: z.string(), name: z.string(), format_type: z.number() })).default([]),
});

const plainMessage = content.extend({
  id: z.string(),
  channel_id: z.string(),
  author: z.object({ id: z.string(), bot: z.boolean().optional() }),
  message_snapshots: z.array(z.object({ message: content })).default([]),
  message_reference: z.object({ channel_id: z.string().nullish() }).nullish(),
  interaction_metadata: z.object({ user: z.object({ id: z.string() }) }).nullish(),
  components: z.array(z.unknown()).default([]),
});

export const wireMessage: z.ZodType<WireMessage> = plainMessage.extend({
  referenced_message: plainMessage.nullish(),
});

export const wireChannel: z.ZodType<WireChannel> = z.object({
  id: z.string(),
  type: z.number(),
  nsfw: z.boolean().optional(),
  parent_id: z.string().nullish(),
});

export const wirePosted: z.ZodType<WirePosted> = z.object({
  id: z.string(),
  channel_id: z.string(),
  content: z.string().default(''),
  attachments: z.array(z.object({ id: z.string(), filename: z.string() })).default([]),
});

export const wireApplication: z.ZodType<WireApplication> = z.object({
  id: z.string(),
  flags: z.number().default(0),
});

export const wireRefreshed: z.ZodType<WireRefreshed> = z.object({
  refreshed_urls: z.array(z.object({ original: z.string(), refreshed: z.string() })),
});
