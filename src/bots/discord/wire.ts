import { z } from 'zod';

/** The parts of Discord's messages that we read. Unknown fields are dropped. */
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
  attachments: z.array(attachment).default([]),
  embeds: z.array(z.object({ image: embedded.nullish(), thumbnail: embedded.nullish() })).default([]),
  sticker_items: z
    .array(z.object({ id: z.string(), name: z.string(), format_type: z.number() }))
    .nullish()
    .transform((items) => items ?? []),
});

const snapshots = z
  .array(z.object({ message: content }))
  .nullish()
  .transform((all) => all ?? []);

const reference = z.object({
  type: z.number().nullish(),
  channel_id: z.string().nullish(),
  message_id: z.string().nullish(),
});

const plainMessage = content.extend({
  id: z.string(),
  channel_id: z.string(),
  content: z.string().default(''),
  author: z.object({ id: z.string(), bot: z.boolean().optional() }),
  message_snapshots: snapshots,
  message_reference: reference.nullish(),
  interaction_metadata: z.object({ user: z.object({ id: z.string() }) }).nullish(),
  components: z.array(z.unknown()).default([]),
});

/** A message as Discord's REST API sends it. */
export const wireMessage = plainMessage.extend({ referenced_message: plainMessage.nullish() });
export type WireMessage = z.output<typeof wireMessage>;
/** A message, or the copy of one that was forwarded. */
export type WireContent = z.output<typeof content>;
export type WireAttachment = z.output<typeof attachment>;
/** What `picturesOf` reads of a message, wherever it came from. */
export type Readable = WireContent & {
  readonly message_snapshots?: readonly { readonly message: WireContent }[];
  readonly referenced_message?: Readable | null | undefined;
};

/** A channel or thread as Discord's REST API sends it. */
export const wireChannel = z.object({
  id: z.string(),
  type: z.number(),
  nsfw: z.boolean().optional(),
  parent_id: z.string().nullish(),
});
export type WireChannel = z.output<typeof wireChannel>;

/** What the API answers to a message that was posted or edited. */
export const wirePosted = z.object({
  id: z.string(),
  channel_id: z.string(),
  content: z.string().default(''),
  attachments: z.array(z.object({ id: z.string(), filename: z.string() })).default([]),
});
export type WirePosted = z.output<typeof wirePosted>;

/** The application that the token belongs to. */
export const wireApplication = z.object({ id: z.string(), flags: z.number().default(0) });

/** New addresses for attachments whose old ones have expired. */
export const wireRefreshed = z.object({
  refreshed_urls: z.array(z.object({ original: z.string(), refreshed: z.string() })),
});
