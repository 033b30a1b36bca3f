import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { failureText, sentenceOf } from '../../commands/messages/failures.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import { type Reply, textReply } from '../../commands/reply.ts';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import { failureOf } from '../../queue/failure.ts';
import type { Log } from '../../queue/log.ts';
import type { Acknowledgement, Api, Original, Payload } from './api.ts';
import { troubleOf } from './api-errors.ts';
import { replyPages, words } from './render.ts';
import { UNHEARD } from './speaker.ts';
import { moment } from './text.ts';

/** What came of an interaction. */
export type Result =
  /** `rows`: further controls below it. */
  | { readonly kind: 'reply'; readonly reply: Reply; readonly rows?: readonly object[] }
  /** Requests stand behind it now, and their answers take its place. */
  | { readonly kind: 'requests'; readonly requests: readonly string[] }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'nothing' };

/** One interaction, and what is to be done about it. */
export interface Turn {
  readonly interaction: { readonly id: string; readonly token: string; readonly applicationId: string };
  readonly person: string;
  readonly messages: Messages;
  readonly acknowledgement: Acknowledgement;
  readonly work: () => Promise<Result>;
}

/**
 * Does an interaction's work, acknowledges it once that is done or has taken a moment, then says what came of it. So whoever is
 * told to wait has a request that outlives this process, unless it took longer than that moment to store.
 */
export type Conversation = (turn: Turn) => Promise<void>;

/** What conversations need. */
export interface ConversationOptions {
  readonly api: Api;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'note' | 'cancel'>;
  readonly previews: string;
  readonly log: Log;
}

/** For how long the acknowledgement waits for the work: Discord waits three seconds, and people less. */
const DURABLE_MS = 500;

/** Interactions that are remembered, and for how long: until their token ends. */
const MOST_KNOWN = 10_000;
const TOKEN_MS = 15 * 60_000;

/** What it returns never throws: what goes wrong is said, or logged. */
export function createConversation({ api, queue, previews, log }: ConversationOptions): Conversation {
  const known = new LRUCache<string, true>({ max: MOST_KNOWN, ttl: TOKEN_MS });
  return async (turn) => {
    const { interaction, acknowledgement, messages, person } = turn;
    const { id, token } = interaction;
    // Told of it again, this process has its answer or its refusal, and a second one would stand beside that or over it.
    if (known.has(id)) return;
    known.set(id, true);
    const work = turn.work();
    await Promise.race([Promise.allSettled([work]), pause(DURABLE_MS, undefined, { ref: false })]);
    const [heard, done] = await Promise.allSettled([api.acknowledge(id, token, acknowledgement), work]);
    const result = done.status === 'fulfilled' ? done.value : said(troubleReply(done.reason, messages, log));
    const failed = heard.status === 'rejected' ? troubleOf(heard.reason) : undefined;
    if (failed !== undefined && failed.code !== 'discord-interaction-answered') {
      log.warn({ interaction: id, err: failed }, 'An interaction could not be acknowledged');
      known.delete(id);
    }
    const original: Original = { application: interaction.applicationId, token };
    // Where another process acknowledged it, the same is said by it: an edit can be made twice, a new message cannot.
    const how = failed === undefined ? acknowledgement : 'again';
    // What keeps this process from its work now may not have kept that one, whose answer may stand there.
    if (how === 'again' && result.kind === 'reply' && result.reply.tone === 'failure') return;
    try {
      // Discord has told the person already that it failed, so they ask again.
      if (failed?.code === 'discord-interaction-gone') return await forget(result, person);
      await say(original, how, acknowledgement, result, person);
    } catch (error) {
      log.warn({ interaction: id, err: error }, 'What came of an interaction could not be said');
      await lastWords(original, acknowledgement, troubleReply(error, messages, log), id);
    }
  };

  /** Whatever went wrong: who asked is not left waiting where Discord still takes a word. */
  async function lastWords(
    original: Original,
    acknowledgement: Acknowledgement,
    { text }: Reply,
    interaction: string,
  ): Promise<void> {
    try {
      if (acknowledgement === 'update') await api.followUp(original, words(text), true);
      else await api.editOriginal(original, words(text));
    } catch (error) {
      log.error({ interaction, err: troubleOf(error) }, 'Nothing could be said of an interaction');
    }
  }

  async function forget(result: Result, person: string): Promise<void> {
    if (result.kind !== 'requests') return;
    for (const request of result.requests) {
      if ((await queue.note(request, UNHEARD, 'yes')) === 'yes') await queue.cancel(request, person);
    }
  }

  async function say(
    original: Original,
    how: Acknowledgement | 'again',
    acknowledgement: Acknowledgement,
    result: Result,
    person: string,
  ): Promise<void> {
    if (result.kind === 'deleted') return await api.removeOriginal(original);
    if (result.kind !== 'reply') return;
    const { reply } = result;
    const pages = await replyPages(reply, person, { previews, log }, result.rows);
    const hidden = how !== 'public' || reply.tone !== 'plain';
    // There the original is the message that was pressed, and no answer of this interaction's.
    if (acknowledgement === 'update') return await followUps(original, pages, hidden);
    if (how === 'public' && hidden) {
      // The answer that is waited for is everyone's; a hint is for the asker alone.
      await api.removeOriginal(original);
      return await followUps(original, pages, hidden);
    }
    const [first, ...more] = pages;
    if (first !== undefined) await api.editOriginal(original, first);
    if (how !== 'again') await followUps(original, more, hidden);
  }

  async function followUps(original: Original, pages: readonly Payload[], hidden: boolean): Promise<void> {
    for (const page of pages) await api.followUp(original, page, hidden);
  }
}

function said(reply: Reply): Result {
  return { kind: 'reply', reply };
}

/** What a person is told of an error, whoever's fault it is. */
export function troubleReply(error: unknown, messages: Messages, log: Log): Reply {
  const sentence =
    error instanceof ImpastoError && !error.report ? sentenceOf(error, messages, moment) : undefined;
  if (sentence !== undefined) return textReply(sentence, 'hint');
  return textReply(failureText(failureOf(error, log, { platform: 'discord' }), messages, moment), 'failure');
}
