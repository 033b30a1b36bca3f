import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Reply } from '../../commands/reply.ts';
import { artworkLabel, type StyleInfo, styleLabel } from '../../commands/style-info.ts';
import { systemCode } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import type { Payload, SentFile } from './api.ts';
import { buttonRows, inGroups } from './components.ts';
import { plain } from './text.ts';

const MOST_EMBEDS = 10;

/** No text of ours calls anybody, nor does an answer to a message call its author. */
const SILENT = { parse: [], replied_user: false };

/** A message of words and controls; files that stood there before go. */
export function words(text: string, rows: readonly object[] = []): Payload {
  return {
    body: { content: plain(text), embeds: [], attachments: [], components: rows, allowed_mentions: SILENT },
    files: [],
  };
}

/** A reply that shows no result: its words and buttons. */
export function replyWords(reply: Pick<Reply, 'text' | 'buttons'>, asker: string): Payload {
  return words(reply.text, buttonRows(reply.buttons, asker));
}

/** Where previews come from. */
export interface Gallery {
  /** The folder that the styles' `preview` paths start from. */
  readonly previews: string;
  readonly log: Log;
}

/**
 * A reply with its gallery: as many messages as its previews need, ten to each. A style whose preview cannot be read
 * stands there without one.
 * @param rows further controls, below the first message
 */
export async function replyPages(
  reply: Reply,
  asker: string,
  gallery: Gallery,
  rows: readonly object[] = [],
): Promise<readonly Payload[]> {
  const groups = inGroups(reply.gallery ?? [], MOST_EMBEDS);
  const first = words(reply.text, [...rows, ...buttonRows(reply.buttons, asker)]);
  if (groups.length === 0) return [first];
  const pages = await Promise.all(groups.map((group) => galleryPage(group, gallery)));
  return pages.map((page, index) => (index === 0 ? both(first, page) : page));
}

function both(text: Payload, page: Payload): Payload {
  return {
    body: { ...page.body, content: text.body.content, components: text.body.components },
    files: page.files,
  };
}

async function galleryPage(styles: readonly StyleInfo[], gallery: Gallery): Promise<Payload> {
  const files: SentFile[] = [];
  const attachments: object[] = [];
  const embeds: object[] = [];
  for (const style of styles) {
    const embed = { title: styleLabel(style), description: artworkLabel(style) };
    const data = style.preview === undefined ? undefined : await previewAt(style.preview, gallery);
    if (style.preview === undefined || data === undefined) {
      embeds.push(embed);
      continue;
    }
    const name = basename(style.preview).replace(/[^\w.-]/g, '_');
    attachments.push({ id: String(files.length), filename: name, description: artworkLabel(style) });
    files.push({ name, data });
    embeds.push({ ...embed, thumbnail: { url: `attachment://${name}` } });
  }
  return { body: { content: '', embeds, attachments, components: [], allowed_mentions: SILENT }, files };
}

async function previewAt(preview: string, { previews, log }: Gallery): Promise<Buffer | undefined> {
  try {
    return await readFile(join(previews, preview));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    log.warn({ preview, err: error }, 'A preview cannot be read');
    return undefined;
  }
}
