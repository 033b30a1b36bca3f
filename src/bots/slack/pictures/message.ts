import { z } from 'zod';

/** A file as Slack tells of it; most is missing while it is still being made ready. */
export interface SlackFile {
  readonly id: string;
  readonly mimetype?: string | undefined;
  readonly url_private?: string | undefined;
  readonly url_private_download?: string | undefined;
  readonly is_external?: boolean | undefined;
  readonly alt_txt?: string | null | undefined;
  readonly mode?: string | undefined;
  readonly size?: number | undefined;
  readonly thumb_1024?: string | undefined;
  readonly thumb_720?: string | undefined;
}

/** What of a message tells of its pictures. */
export interface SlackMessage {
  readonly ts: string;
  readonly user?: string | undefined;
  readonly bot_id?: string | undefined;
  readonly thread_ts?: string | undefined;
  readonly files?: readonly SlackFile[] | undefined;
  readonly blocks?: readonly Record<string, unknown>[] | undefined;
  readonly attachments?: readonly Record<string, unknown>[] | undefined;
  readonly metadata?:
    | { readonly event_type?: string; readonly event_payload?: Record<string, unknown> }
    | undefined;
}

const text = z.string().optional().catch(undefined);

export const slackFile: z.ZodType<SlackFile> = z.object({
  id: z.string(),
  mimetype: text,
  url_private: text,
  url_private_download: text,
  is_external: z.boolean().optional().catch(undefined),
  alt_txt: z.string().nullish().catch(undefined),
  mode: text,
  size: z.number().optional().catch(undefined),
  thumb_1024: text,
  thumb_720: text,
});

const records = z.array(z.record(z.string(), z.unknown())).optional().catch(undefined);

/** A message of an event, of a shortcut or of a channel's history: what is odd in it counts as not there. */
export const slackMessage: z.ZodType<SlackMessage> = z.object({
  ts: z.string(),
  user: text,
  bot_id: text,
  thread_ts: text,
  files: z.array(slackFile).optional().catch(undefined),
  blocks: records,
  attachments: records,
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
});

/** Where one picture of a message can be had. */
export type PicturePointer =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'address'; readonly address: string; readonly alt?: string | undefined };

/**
 * The pictures of a message, each once: its files, its image blocks (an answer of the bot's own has those), and those of
 * messages that it shares. Only where there are none, what the links in it show: nobody means a thumbnail who has posted
 * a picture.
 */
export function picturesOf(
  message: Pick<SlackMessage, 'files' | 'blocks' | 'attachments'>,
): readonly PicturePointer[] {
  const found: Found = { own: new Map(), previews: new Map() };
  gather(message, found, found.own);
  return [...(found.own.size > 0 ? found.own : found.previews).values()];
}

/** A file may be named before Slack knows what it is: then it counts as a picture until it is known. */
export function mayBePicture({ mimetype, mode }: SlackFile): boolean {
  if (mode === 'tombstone' || mode === 'hidden_by_limit') return false;
  return mimetype === undefined || mimetype === '' || mimetype.startsWith('image/');
}

const carrier = z.object({
  files: z.array(slackFile).optional().catch(undefined),
  blocks: records,
  attachments: records,
  message_blocks: z
    .array(z.object({ message: z.object({ blocks: records }).optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  image_url: text,
  thumb_url: text,
  fallback: text,
  from_url: text,
  is_app_unfurl: z.boolean().optional().catch(undefined),
  is_msg_unfurl: z.boolean().optional().catch(undefined),
  is_share: z.boolean().optional().catch(undefined),
});

const imageBlock = z.object({
  type: z.literal('image'),
  alt_text: text,
  image_url: text,
  slack_file: z.object({ id: text, url: text }).optional().catch(undefined),
});

/** Pictures by what they are found by. */
type Pointers = Map<string, PicturePointer>;

interface Found {
  readonly own: Pointers;
  /** What links show. */
  readonly previews: Pointers;
}

/** @param into where files and blocks belong that stand here */
function gather(value: unknown, found: Found, into: Pointers): void {
  const { data } = carrier.safeParse(value);
  if (data === undefined) return;
  for (const file of data.files ?? []) {
    if (mayBePicture(file)) into.set(file.id, { kind: 'file', file: file.id });
  }
  for (const block of data.blocks ?? []) addBlock(block, into);
  for (const shared of data.message_blocks ?? []) gather({ blocks: shared.message?.blocks }, found, into);
  const shown = data.image_url ?? data.thumb_url;
  if (shown !== undefined) {
    found.previews.set(shown, { kind: 'address', address: shown, alt: data.fallback });
  }
  for (const attachment of data.attachments ?? []) {
    gather(attachment, found, isLink(attachment) ? found.previews : into);
  }
}

/** True for what Slack, or the app whose link it is, shows of a link; a message that is shared has a link too. */
function isLink(attachment: unknown): boolean {
  const { data } = carrier.safeParse(attachment);
  if (data === undefined || data.is_msg_unfurl === true || data.is_share === true) return false;
  return data.is_app_unfurl === true || data.from_url !== undefined;
}

function addBlock(block: unknown, into: Pointers): void {
  const { data } = imageBlock.safeParse(block);
  const file = data?.slack_file?.id ?? fileAt(data?.slack_file?.url);
  const address = data?.slack_file?.url ?? data?.image_url;
  if (file !== undefined) into.set(file, { kind: 'file', file });
  else if (address !== undefined) into.set(address, { kind: 'address', address, alt: data?.alt_text });
}

/** The file that its private address, or its page in Slack, names. */
function fileAt(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  return /^\/(?:files-pri\/T[A-Z0-9]+-|files\/[UW][A-Z0-9]+\/)(F[A-Z0-9]+)\//.exec(
    new URL(address).pathname,
  )?.[1];
}
