import { createHash } from 'node:crypto';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import type { Api, Payload } from './api.ts';
import { isTrouble, troubleOf } from './api-errors.ts';
import type { Place } from './place.ts';
import type { Where } from './source.ts';
import type { WirePosted } from './wire.ts';

/**
 * What is kept of a request's messages, by name:
 * `placeholder`, the interaction's own answer; `message`, one of the bot's own; `thread`, where that one stands if not
 * in the channel; `unheard`, whether nobody waits for an answer; `late`, that it was ended for coming too late.
 */
export type Notes = Readonly<Record<string, string>>;

/** The note of what was ended for coming too late. */
export const LATE = 'late';

/**
 * The note of what was never acknowledged: `yes` once nobody is told of it any more, since Discord has told who asked that it
 * failed; `no` once somebody who was acknowledged asked for the same and waits for its answer. The first of the two stands.
 */
export const UNHEARD = 'unheard';

/** Where a request is answered. */
export interface Standing {
  readonly request: CommandRequest;
  readonly where: Where;
  /** Undefined once the interaction takes no more answers, or where there was none. */
  readonly place: Place | undefined;
  readonly notes: Notes;
}

/** An interaction is acknowledged beside its work; until then Discord knows no answer of it that could be edited. */
const ACKNOWLEDGED_BY_MS = 10_000;

/** Of interactions that were never acknowledged; one whose token is over has another code. */
const UNKNOWN_WEBHOOK = 10015;

/** Puts words and pictures where a request is answered, so that repeats change nothing. */
export interface Speaker {
  /** Put up the bot's own message for a request, where there is none yet; what stands there is left as it is. */
  hold(standing: Standing, payload: Payload): Promise<void>;
  /**
   * Edit what stands there; where that is gone, or takes no edits any more, post anew.
   * @throws ImpastoError `discord-away` where what is to be edited may not stand there yet
   */
  say(standing: Standing, payload: Payload): Promise<Said>;
}

/** `unheard` where nothing was, for it was never acknowledged. */
export type Said = 'said' | 'unheard';

/** @param queue keeps the ids of what was posted */
export function createSpeaker(api: Api, queue: Pick<RequestQueue, 'note'>, log: Log): Speaker {
  /** The nonce makes a repeat find what stands there already. */
  async function post(
    { request, where, notes }: Standing,
    channel: string,
    payload: Payload,
  ): Promise<WirePosted> {
    const reply =
      channel === where.channel && where.reply !== undefined ? { message_reference: referenceOf(where) } : {};
    const body = {
      ...payload.body,
      ...reply,
      nonce: nonceOf(request.id, notes.message),
      enforce_nonce: true,
    };
    return await postAsReply(channel, { body, files: payload.files });
  }

  async function hold(standing: Standing, payload: Payload): Promise<void> {
    const channel = await placeOf(standing);
    const { id } = await post(standing, channel, payload);
    const stands = await queue.note(standing.request.id, 'message', id);
    if (stands !== id) await tidy(channel, id);
  }

  /** The channel, or the thread that is to be made on the message that is answered. */
  async function placeOf({ request, where, notes }: Standing): Promise<string> {
    const { channel, reply, thread } = where;
    if (notes.thread !== undefined || thread === undefined || reply === undefined) {
      return channelOf(where, notes);
    }
    return await queue.note(request.id, 'thread', await api.thread(channel, reply, thread));
  }

  async function postAsReply(channel: string, payload: Payload): Promise<WirePosted> {
    try {
      return await api.post(channel, payload);
    } catch (error) {
      const impossible = isTrouble(error, 'discord-reply-impossible', 'discord-message-gone');
      if (!impossible || !('message_reference' in payload.body)) throw error;
      const { message_reference: _, ...body } = payload.body;
      return await api.post(channel, { ...payload, body });
    }
  }

  async function say(standing: Standing, payload: Payload): Promise<Said> {
    const { request, place, notes } = standing;
    if (place !== undefined && notes.message === undefined) {
      const edited = await unlessUnknown(api.editOriginal(place, payload));
      if (edited === 'unknown' && notes.placeholder === undefined) {
        notTooEarly(request);
        if ((await queue.note(request.id, UNHEARD, 'yes')) === 'yes') {
          log.info({ request: request.id }, 'What was never acknowledged is not answered');
          return 'unheard';
        }
      }
      if (edited !== undefined && edited !== 'unknown') {
        await queue.note(request.id, 'placeholder', edited.id);
        return 'said';
      }
    }
    const channel = await placeOf(standing);
    if (notes.message !== undefined) {
      if ((await unlessGone(api.edit(channel, notes.message, payload))) !== undefined) return 'said';
    }
    const posted = await post(standing, channel, payload);
    const stands = await queue.note(request.id, 'message', posted.id, notes.message);
    // It may have found the placeholder instead of posting what comes after it.
    if (stands !== posted.id || !shows(posted, payload)) await api.edit(channel, stands, payload);
    if (stands !== posted.id) await tidy(channel, posted.id);
    if (notes.placeholder !== undefined) await tidy(channel, notes.placeholder);
    return 'said';
  }

  /** What said “in line” until its token ended would say so for ever. */
  async function tidy(channel: string, placeholder: string): Promise<void> {
    try {
      await api.remove(channel, placeholder);
    } catch (error) {
      log.info({ err: troubleOf(error) }, 'A placeholder that has been answered below could not be removed');
    }
  }

  return { hold, say };
}

function notTooEarly({ createdAt }: CommandRequest): void {
  if (Date.now() - createdAt >= ACKNOWLEDGED_BY_MS) return;
  throw new ImpastoError({
    code: 'discord-away',
    userMessage: 'Discord has not taken the acknowledgement yet.',
    retryable: true,
  });
}

/** `unknown` where Discord knows no answer of the interaction, although its token is not over. */
function unlessUnknown(edit: Promise<WirePosted>): Promise<WirePosted | 'unknown' | undefined> {
  return unlessGone<WirePosted | 'unknown'>(
    edit.catch((error: unknown) => {
      if (isTrouble(error, 'discord-interaction-gone') && error.data.discord === UNKNOWN_WEBHOOK)
        return 'unknown';
      throw error;
    }),
  );
}

async function unlessGone<T>(edit: Promise<T>): Promise<T | undefined> {
  try {
    return await edit;
  } catch (error) {
    if (isTrouble(error, 'discord-interaction-gone', 'discord-message-gone')) return undefined;
    throw error;
  }
}

/** Thread or channel in which the bot's own message stands. */
export function channelOf(where: Where, notes: Notes): string {
  return notes.thread ?? where.channel;
}

/**
 * What lets Discord find a message again instead of posting it twice; it takes 25 letters.
 * @param gone the message that this one replaces: what was removed must not be found
 */
function nonceOf(request: string, gone = ''): string {
  return createHash('sha256').update(`${request} ${gone}`).digest('hex').slice(0, 25);
}

function referenceOf({ channel, reply }: Where): object {
  return { channel_id: channel, message_id: reply, fail_if_not_exists: false };
}

function shows(posted: WirePosted, { body, files }: Payload): boolean {
  return posted.attachments.length === files.length && posted.content === String(body.content ?? '');
}
