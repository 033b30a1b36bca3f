import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { placeholderReply } from '../../../commands/reply.ts';
import type { CommandRequest } from '../../../commands/request.ts';
import { ImpastoError } from '../../../errors.ts';
import type { RequestQueue } from '../../../queue/contract.ts';
import { createLease } from '../../../queue/lease.ts';
import { answered, PREFIX } from '../../../queue/redis.ts';
import { calling, isCoded } from '../errors.ts';
import { messageAt } from '../pictures/history.ts';
import { notified } from '../text.ts';
import type { Where } from '../where.ts';
import type { Voice, Workspaces } from '../workspaces.ts';
import { replyBlocks } from './blocks.ts';
import { findRequest } from './find-request.ts';
import type { Pauses } from './pauses.ts';

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

/** Longer than one call to Slack takes. */
const TURN_MS = 20_000;
const BUSY_AGAIN_MS = 300;

/** What placeholders need. */
export interface PlaceholdersOptions {
  readonly redis: Redis;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'note' | 'notes'>;
  readonly workspaces: Workspaces;
  readonly pauses: Pauses;
}

/**
 * One process at a time posts a request's placeholder. Whoever finds that somebody has tried before looks for it in the
 * channel first, for the message may have been posted by a process that died before it could say so.
 */
export function createPlaceholders(options: PlaceholdersOptions): Placeholders {
  const { redis, queue, workspaces, pauses } = options;

  async function ensure(request: CommandRequest, where: Where, gone?: string): Promise<string> {
    const standing = (await queue.notes(request.id))[PLACEHOLDER];
    if (standing !== undefined && standing !== gone) return standing;
    const lease = createLease(redis, `${PREFIX}:slack-posting:${request.id}`);
    const hold = async (): Promise<void> => {
      if (!(await answered(redis, lease.take(TURN_MS)))) throw busy();
    };
    await hold();
    try {
      return await post(request, where, gone, hold);
    } finally {
      await answered(redis, lease.release());
    }
  }

  async function post(
    request: CommandRequest,
    where: Where,
    gone: string | undefined,
    hold: () => Promise<void>,
  ): Promise<string> {
    const standing = (await queue.notes(request.id))[PLACEHOLDER];
    if (standing !== undefined && standing !== gone) return standing;
    const voice = await workspaces.voice(where.workspace);
    const thread = await threadOf(voice, where);
    const ticket = randomUUID();
    const first = await queue.note(request.id, POSTING, ticket);
    const found = first === ticket ? undefined : await find(voice, request, { ...where, thread }, gone);
    // Looking may have taken longer than others wait.
    await hold();
    const ts = found ?? (await postNew(voice, request, { ...where, thread }));
    return queue.note(request.id, PLACEHOLDER, ts, gone);
  }

  async function postNew({ client }: Voice, request: CommandRequest, where: Where): Promise<string> {
    const reply = placeholderReply(request);
    const { channel, thread } = where;
    const message = {
      channel,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      text: notified(reply.text),
      blocks: replyBlocks(reply),
      metadata: requestMetadata(request),
      unfurl_links: false,
      unfurl_media: false,
    };
    // Slack counts what is posted by channel.
    const { ts } = await pauses.heed(`chat.postMessage:${where.workspace.team}:${channel}`, () =>
      calling('chat.postMessage', client.chat.postMessage(message)),
    );
    if (ts === undefined) throw busy();
    return ts;
  }

  return { ensure };
}

/** An answer to a message stands in the thread that the message is in, else in the one that begins with it. */
async function threadOf(voice: Voice, { channel, thread, message }: Where): Promise<string | undefined> {
  if (thread !== undefined || message === undefined) return thread;
  return (await messageAt(voice, channel, message))?.thread_ts ?? message;
}

/** Where the channel may not be read, it can't be found: it is posted again rather than never. */
async function find(
  voice: Voice,
  request: CommandRequest,
  { channel, thread }: Where,
  gone: string | undefined,
): Promise<string | undefined> {
  try {
    return await findRequest(voice, request, { channel, thread }, gone);
  } catch (error) {
    if (isCoded(error, 'not-in-channel', 'scopes-missing', 'slack-message-gone')) return undefined;
    throw error;
  }
}

function busy(): ImpastoError {
  return new ImpastoError({
    code: 'slack-placeholder-busy',
    userMessage: 'The answer’s message is being posted just now.',
    retryable: true,
    data: { retryAfterMs: BUSY_AGAIN_MS },
  });
}
