import { refuse } from '../../commands/messages/failures.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Reply, ReplyPicture } from '../../commands/reply.ts';
import { UserError } from '../../errors.ts';
import type { Artefacts } from '../../queue/contract.ts';
import { fitPicture, formatName, type Recode } from '../fit.ts';
import type { Links } from '../links.ts';
import type { Payload, SentFile } from './api.ts';
import { isTrouble } from './api-errors.ts';
import { buttonRows } from './components.ts';
import { words } from './render.ts';
import { moment, short } from './text.ts';

/** What Discord takes where an interaction does not say: servers without boosts, and everyone in private. */
export const DEFAULT_LIMIT: number = 10 * 1024 * 1024;

const MOST_IN_ALT = 1024;

/** Content types that Discord shows in the message. */
const SHOWN = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

const endings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** What uploads work with. */
export interface UploadOptions {
  readonly artefacts: Pick<Artefacts, 'get'>;
  readonly recode: Recode;
  readonly links?: Pick<Links, 'make'> | undefined;
}

/**
 * Send a reply with its pictures as `send` does. Where Discord finds a file too large all the same, it goes out
 * smaller, and at last as a link.
 * @throws UserError `result-too-large`, `picture-gone`, and what `send` throws
 */
export async function upload(
  options: UploadOptions,
  about: {
    readonly reply: Reply;
    readonly asker: string;
    readonly messages: Messages;
    readonly limit: number;
  },
  send: (payload: Payload) => Promise<void>,
): Promise<void> {
  let { limit } = about;
  for (;;) {
    const payload = await composed(options, about, limit).catch((error: unknown) => {
      throw namingPlace(error, about);
    });
    try {
      return await send(payload);
    } catch (error) {
      if (payload.files.length === 0 || !isTrouble(error, 'discord-upload-too-large')) throw error;
      limit = smaller(limit, payload.files);
    }
  }
}

/** The limit that people hear of is the place's, not one that we tried on the way. */
function namingPlace(error: unknown, { messages, limit }: Parameters<typeof upload>[1]): unknown {
  if (!(error instanceof UserError) || error.code !== 'result-too-large') return error;
  return refuse(messages, 'result-too-large', { ...error.data, limit }, error);
}

/** Half of the largest file that was refused; nothing at all once that would look bad. */
function smaller(limit: number, files: readonly SentFile[]): number {
  const largest = Math.max(...files.map(({ data }) => Buffer.byteLength(data)));
  const next = Math.floor(Math.min(limit, largest) / 2);
  return next < SMALLEST ? 0 : next;
}

const SMALLEST = 64 * 1024;

async function composed(
  { artefacts, recode, links }: UploadOptions,
  { reply, asker, messages }: Parameters<typeof upload>[1],
  limit: number,
): Promise<Payload> {
  const files: SentFile[] = [];
  const attachments: object[] = [];
  const lines = [reply.text];
  const owner = { platform: 'discord', person: asker };
  for (const picture of reply.pictures) {
    const stored = await artefacts.get(picture.artefact.hash);
    if (stored === undefined) throw refuse(messages, 'picture-gone');
    const fit = await fitPicture({ ...stored, limit, takes: SHOWN, recode, owner, links });
    if (fit.kind === 'link') {
      const { url, until } = fit;
      // In brackets Discord shows no preview: a copy of its own would outlive the link, and uncover a spoiler.
      lines.push(messages.sentAsLink({ url: `<${url}>`, when: moment(until) }));
      continue;
    }
    const ending = endings[fit.contentType] ?? 'bin';
    const { recoded: loss } = fit;
    if (loss !== undefined) lines.push(messages.sentRecoded({ format: formatName(fit.contentType), loss }));
    const filename = nameOf(picture, ending, files.length);
    attachments.push({ id: String(files.length), filename, description: short(picture.alt, MOST_IN_ALT) });
    files.push({ name: filename, data: fit.bytes, contentType: fit.contentType });
  }
  const text = words([...new Set(lines)].join('\n'), buttonRows(reply.buttons, asker));
  return { body: { ...text.body, attachments }, files };
}

function nameOf({ fileName, spoiler }: ReplyPicture, ending: string, index: number): string {
  return `${spoiler ? 'SPOILER_' : ''}${fileName}${index === 0 ? '' : `-${index + 1}`}.${ending}`;
}
