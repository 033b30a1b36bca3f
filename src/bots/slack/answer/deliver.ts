import { sentenceOf } from '../../../commands/messages/failures.ts';
import { messagesFor } from '../../../commands/messages/language.ts';
import { choicesOf } from '../../../commands/press.ts';
import type { Registry } from '../../../commands/registry.ts';
import { outcomeReply, type Reply, type ReplyPicture } from '../../../commands/reply.ts';
import type { CommandRequest } from '../../../commands/request.ts';
import { ImpastoError } from '../../../errors.ts';
import type { Artefacts, DeliveryHandler, RequestQueue } from '../../../queue/contract.ts';
import type { Log } from '../../../queue/log.ts';
import type { Outcome } from '../../../queue/request.ts';
import { type FitOptions, fitPicture, formatName, isLoss } from '../../fit.ts';
import { SHOWN_TYPES } from '../config.ts';
import { calling, isCoded } from '../errors.ts';
import { momentOf, notified } from '../text.ts';
import { type Where, whereOf } from '../where.ts';
import type { Voice, Workspaces } from '../workspaces.ts';
import { replyBlocks, type ShownPicture } from './blocks.ts';
import type { Hints } from './hints.ts';
import { edits, type Pauses } from './pauses.ts';
import { PLACEHOLDER, type Placeholders, requestMetadata } from './placeholders.ts';
import { fileLate, untilShowable, upload } from './upload.ts';

/** What delivery is made from. */
export interface DeliveryOptions extends Pick<FitOptions, 'recode' | 'links'> {
  readonly queue: Pick<RequestQueue<CommandRequest>, 'note' | 'notes'>;
  readonly artefacts: Pick<Artefacts, 'get'>;
  readonly workspaces: Workspaces;
  readonly placeholders: Placeholders;
  readonly pauses: Pauses;
  readonly hints: Hints;
  readonly registry: Registry;
  /** The largest result that is uploaded. */
  readonly resultBytes: number;
  readonly unsafeOrigins: readonly string[];
  /** Nothing came of it, and nothing is said: what it took of somebody's share is given back. */
  readonly unsaid: (request: CommandRequest) => Promise<void>;
  readonly log: Log;
}

/** What of an error says that the place can't be spoken in any more. */
const PLACE_LOST = ['not-in-channel', 'slack-channel-closed', 'slack-token-refused', 'slack-not-installed'];

/** The note of how often Slack refused to show a result, and how often that may be for a while. */
const REFUSED = 'refused';
const MOST_REFUSED = 4;

/** The note of a result's file: `F1`, or `F1 JPEG quality` where it is not the result itself, with what it has lost. */
const FILE = /^(\S+)(?: (\w+) (quality|colors|transparency))?$/;

/** The files of a request's results, by the results' order, as its notes tell. */
export function filesOf(notes: Readonly<Record<string, string>>): ReadonlyMap<number, string> {
  const files = new Map<number, string>();
  for (const [name, value] of Object.entries(notes)) {
    const [, index] = /^file-(\d+)$/.exec(name) ?? [];
    const [, file] = FILE.exec(value) ?? [];
    if (index !== undefined && file !== undefined) files.set(Number(index), file);
  }
  return files;
}

/**
 * Delivery: the outcome takes the placeholder's place. Each result is uploaded once, its id noted before the message
 * shows it, so that a repeat edits the same message to the same content.
 */
export function createDelivery(options: DeliveryOptions): DeliveryHandler<CommandRequest> {
  const { queue, workspaces, placeholders, pauses, registry, hints, log } = options;

  async function show(request: CommandRequest, where: Where, outcome: Outcome): Promise<void> {
    const voice = await workspaces.voice(where.workspace);
    const reply = outcomeReply(request, outcome, registry, momentOf);
    const { pictures, words } = await shownPictures(voice, request, reply);
    const messages = messagesFor(request.person.locale);
    const text = [reply.text, ...words].join('\n');
    const said = {
      text: notified(text),
      blocks: replyBlocks(
        { ...reply, text },
        {
          pictures,
          messages,
          asker: request.person.id,
          choices: ({ action }) => choicesOf(action, request, registry, messages, outcome),
        },
      ),
    };
    const ts = await placeholders.ensure(request, where);
    try {
      await edit(voice, request, where, ts, said);
    } catch (error) {
      if (pictures.length > 0 && isCoded(error, 'slack-blocks-refused'))
        throw await perhapsLate(request, error);
      if (!isCoded(error, 'slack-message-gone')) throw error;
      // Whoever asked has taken the message away while it was open: that is as good as cancelling.
      if (outcome.kind === 'cancelled') return;
      await edit(voice, request, where, await placeholders.ensure(request, where, ts), said);
    }
  }

  async function edit(
    { client }: Voice,
    request: CommandRequest,
    where: Where,
    ts: string,
    said: { readonly text: string; readonly blocks: ReturnType<typeof replyBlocks> },
  ): Promise<void> {
    const message = { channel: where.channel, ts, ...said, metadata: requestMetadata(request) };
    await pauses.heed(edits(where), () => calling('chat.update', client.chat.update(message)));
  }

  /** Slack refuses a picture, too, that it says is ready and has yet to make its previews of. */
  async function perhapsLate({ id }: CommandRequest, error: ImpastoError): Promise<ImpastoError> {
    const refused = (await queue.notes(id))[REFUSED];
    const times = Number(refused ?? 0) + 1;
    await queue.note(id, REFUSED, String(times), refused);
    return times > MOST_REFUSED ? error : fileLate(error);
  }

  async function shownPictures(
    voice: Voice,
    request: CommandRequest,
    reply: Reply,
  ): Promise<{ readonly pictures: readonly ShownPicture[]; readonly words: readonly string[] }> {
    const pictures: ShownPicture[] = [];
    const words: string[] = [];
    const notes = await queue.notes(request.id);
    for (const [index, picture] of reply.pictures.entries()) {
      const name = `file-${index}`;
      const given = notes[name] ?? (await give(voice, request, picture));
      if (typeof given !== 'string') {
        words.push(given.words);
        continue;
      }
      const [, file = '', format, loss] = FILE.exec(await queue.note(request.id, name, given)) ?? [];
      if (format !== undefined && isLoss(loss))
        words.push(messagesFor(request.person.locale).sentRecoded({ format, loss }));
      await untilShowable(voice, file);
      pictures.push({ file, alt: picture.alt });
    }
    return { pictures, words };
  }

  /** Upload a result, or find the words that stand for it. */
  async function give(
    voice: Voice,
    request: CommandRequest,
    { artefact, alt, fileName }: ReplyPicture,
  ): Promise<string | { readonly words: string }> {
    const stored = await options.artefacts.get(artefact.hash);
    if (stored === undefined) throw resultGone(artefact.hash);
    const owner = { platform: request.platform, person: request.person.id };
    const fit = await fitPicture({
      bytes: stored.bytes,
      info: stored.info,
      limit: options.resultBytes,
      takes: SHOWN_TYPES,
      recode: options.recode,
      owner,
      links: options.links,
    });
    if (fit.kind === 'link') {
      const { sentAsLink } = messagesFor(request.person.locale);
      return { words: sentAsLink({ url: fit.url, when: momentOf(fit.until) }) };
    }
    const { bytes, contentType, recoded } = fit;
    try {
      const file = await upload(voice, { bytes, contentType, name: fileName, alt }, options.unsafeOrigins);
      return recoded === undefined ? file : `${file} ${formatName(contentType)} ${recoded}`;
    } catch (error) {
      if (options.links === undefined || !isCoded(error, 'slack-uploads-forbidden')) throw error;
      const { url, until } = options.links.make(artefact.hash, owner);
      return { words: messagesFor(request.person.locale).sentAsLink({ url, when: momentOf(until) }) };
    }
  }

  return async (request, place, outcome) => {
    const where = whereOf(place);
    if (where === undefined) {
      log.warn({ request: request.id }, 'The place of an answer has expired');
      return placeExpired();
    }
    if (isFalseAlarm(request, outcome)) {
      const { [PLACEHOLDER]: posted } = await queue.notes(request.id);
      if (posted === undefined) {
        await options.unsaid(request);
        return undefined;
      }
    }
    try {
      await show(request, where, outcome);
      return undefined;
    } catch (error) {
      if (!isCoded(error, ...PLACE_LOST)) throw error;
      log.warn({ request: request.id, channel: where.channel, err: error }, 'An answer has lost its place');
      if (outcome.kind !== 'cancelled') await sayInstead(request, where, error);
      return error;
    }
  };

  async function sayInstead(request: CommandRequest, where: Where, error: ImpastoError): Promise<void> {
    const text = sentenceOf(error, messagesFor(request.person.locale), momentOf);
    if (where.responseUrl !== undefined && text !== undefined) await hints.tryToSay(where, { text });
  }
}

/** An emoji on a message without a picture was not meant for the bot. */
function isFalseAlarm(request: CommandRequest, outcome: Outcome): boolean {
  return request.trigger === 'reaction' && outcome.kind === 'failure' && outcome.code === 'picture-not-found';
}

function placeExpired(): ImpastoError {
  return new ImpastoError({
    code: 'place-expired',
    userMessage: 'The place to answer in is no longer known.',
    report: true,
  });
}

function resultGone(hash: string): ImpastoError {
  return new ImpastoError({
    code: 'picture-gone',
    userMessage: 'The result is no longer stored. Please ask again.',
    data: { hash },
  });
}
