import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { placeholderReply } from '../../../commands/reply.ts';
import type { CommandRequest } from '../../../commands/request.ts';
import { ImpastoError } from '../../../errors.ts';
import type { RequestQueue } from '../../../queue/contract.ts';
import { PREFIX } from '../../../queue/redis.ts';
import { calling, isCoded } from '../errors.ts';
import { messageAt, recentMessages } from '../pictures/history.ts';
import { notified } from '../text.ts';
import type { Where } from '../where.ts';
import type { Voice, Workspaces } from '../workspaces.ts';
import { replyBlocks } from './blocks.ts';

/** The messages that stand for requests, each posted once. */
export interface Placeholders {
  /**
   * The timestamp of a request's placeholder, posted where there is none yet.
   * @param gone a timestamp at which there is no message any more: another takes its place
   * @throws ImpastoError as `calling` does, and `slack-placeholder-busy` (retryable) while another process posts it
   */
  ensure(request: CommandRequest, where: Where, gone?: string): Promise<string>;
}

/** Stands in a placeholder's metadata, by which it is found again. */
export function requestMetadata({ id, person }: Pick<CommandRequest, 'id' | 'person'>): {
  readonly event_type: 'impasto_request';
  readonly event_payload: { readonly request: string; readonly asker: string };
} {
  return { event_type: 'impasto_request', event_payload: { request: id, asker: person.id } };
}

/** Name of the note that holds the placeholder's timestamp. */
export const PLACEHOLDER = 'placeholder';
/** Name of the note that says that somebody has tried to post it. */
const POSTING = 'posting';

/** Longer than a call to Slack takes. */
const TURN_MS = 20_000;
const BUSY_AGAIN_MS = 300;
/** In place of a ticket, while Slack wants to be left alone. */
const RESTING = 'resting';
/** Clocks of Slack and of ours differ. */
const CLOCK_SECONDS = 60;

/** What placeholders need. */
export interface PlaceholdersOptions {
  readonly redis: Redis;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'note' | 'notes'>;
  readonly workspaces: Workspaces;
}

/**
 * One process at a time posts a request's placeholder. Whoever finds that somebody has tried before looks for it in the
 * channel first, for the message may have been posted by a process that died before it could say so.
 */
export function createPlaceholders({ redis, queue, workspaces }: PlaceholdersOptions): Placeholders {
  async function ensure(request: CommandRequest, where: Where, gone?: string): Promise<string> {
    const standing = (await queue.notes(request.id))[PLACEHOLDER];
    if (standing !== undefined && standing !== gone) return standing;
    const turn = `${PREFIX}:slack-posting:${request.id}`;
    const ticket = randomUUID();
    if ((await redis.set(turn, ticket, 'PX', TURN_MS, 'NX')) === null) throw await busy(turn);
    let restMs = 0;
    try {
      return await post(request, where, ticket, gone);
    } catch (error) {
      // Nobody else may try sooner than Slack allows.
      if (isCoded(error, 'slack-rate-limited')) restMs = Number(error.data.retryAfterMs);
      throw error;
    } finally {
      const mine = (await redis.get(turn)) === ticket;
      if (mine && restMs > 0) await redis.set(turn, RESTING, 'PX', restMs);
      else if (mine) await redis.del(turn);
    }
  }

  async function post(
    request: CommandRequest,
    where: Where,
    ticket: string,
    gone: string | undefined,
  ): Promise<string> {
    const standing = (await queue.notes(request.id))[PLACEHOLDER];
    if (standing !== undefined && standing !== gone) return standing;
    const voice = await workspaces.voice(where.workspace);
    const thread = await threadOf(voice, where);
    const first = await queue.note(request.id, POSTING, ticket);
    const found = first === ticket ? undefined : await find(voice, request, { ...where, thread }, gone);
    const ts = found ?? (await postNew(voice, request, { ...where, thread }));
    return queue.note(request.id, PLACEHOLDER, ts, gone);
  }

  async function busy(turn: string): Promise<ImpastoError> {
    const [holder, leftMs] = await Promise.all([redis.get(turn), redis.pttl(turn)]);
    return busyFor(holder === RESTING ? Math.max(leftMs, BUSY_AGAIN_MS) : BUSY_AGAIN_MS);
  }

  return { ensure };
}

/** An answer to a message stands in the thread that the message is in, else in the one that begins with it. */
async function threadOf(voice: Voice, { channel, thread, message }: Where): Promise<string | undefined> {
  if (thread !== undefined || message === undefined) return thread;
  return (await messageAt(voice, channel, message))?.thread_ts ?? message;
}

async function postNew({ client }: Voice, request: CommandRequest, where: Where): Promise<string> {
  const reply = placeholderReply(request);
  const { ts } = await calling(
    'chat.postMessage',
    client.chat.postMessage({
      channel: where.channel,
      ...(where.thread === undefined ? {} : { thread_ts: where.thread }),
      text: notified(reply.text),
      blocks: replyBlocks(reply),
      metadata: requestMetadata(request),
      unfurl_links: false,
      unfurl_media: false,
    }),
  );
  if (ts === undefined) throw busyFor(BUSY_AGAIN_MS);
  return ts;
}

/** Where the channel may not be read, it can't be found: it is posted again rather than never. */
async function find(
  voice: Voice,
  request: CommandRequest,
  { channel, thread }: Where,
  gone: string | undefined,
): Promise<string | undefined> {
  const from = (request.createdAt / 1000 - CLOCK_SECONDS).toFixed(6);
  try {
    const messages = await recentMessages(voice, { channel, thread, from, metadata: true });
    return messages.find(({ ts, metadata }) => ts !== gone && metadata?.event_payload?.request === request.id)
      ?.ts;
  } catch (error) {
    if (isCoded(error, 'not-in-channel', 'scopes-missing', 'slack-message-gone')) return undefined;
    throw error;
  }
}

function busyFor(retryAfterMs: number): ImpastoError {
  return new ImpastoError({
    code: 'slack-placeholder-busy',
    userMessage: 'The answer’s message is being posted just now.',
    retryable: true,
    data: { retryAfterMs },
  });
}
