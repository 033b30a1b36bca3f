import { createHash } from 'node:crypto';
import type { Services } from '../../commands/command.ts';
import { sentenceOf } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Call } from '../../commands/parse.ts';
import type { Registry } from '../../commands/registry.ts';
import { type Reply, textReply } from '../../commands/reply.ts';
import type { Trigger } from '../../commands/request.ts';
import { run } from '../../commands/run.ts';
import { UserError } from '../../errors.ts';
import type { PictureRecord, Pictures } from './pictures.ts';
import { buttonViews } from './placeholder.ts';
import type { Session } from './session.ts';
import type { Submitter } from './submitter.ts';
import type { Threads } from './threads.ts';

/** What a person did that waits for an answer. */
export interface Asked {
  /** The message that asked, or was reacted to. */
  readonly message: string;
  /** The same for what is sent again, and for nothing else. */
  readonly key: string;
  readonly trigger: Trigger;
}

/** Answers people in their threads. */
export interface Answers {
  /**
   * Carry out what `read` makes of it; a UserError, of reading too, is answered in the thread, as on every platform.
   * @param read the call, and the pictures that came with it: without any, the thread's latest is meant
   * @returns the ids of the messages that answer
   */
  answer(
    session: Session,
    asked: Asked,
    read: () => Promise<{ readonly call: Call; readonly given: readonly PictureRecord[] }>,
  ): Promise<string[]>;
}

/** What answering needs of the playground. */
export interface AnswersOptions {
  readonly platform: string;
  readonly registry: Registry;
  readonly threads: Threads;
  readonly pictures: Pictures;
  readonly submitter: Submitter;
  readonly services: Services;
}

/** Answers by the commands that every platform has. */
export function createAnswers(options: AnswersOptions): Answers {
  const { platform, registry, threads, pictures, submitter, services } = options;

  async function answer(
    session: Session,
    asked: Asked,
    read: Parameters<Answers['answer']>[2],
  ): Promise<string[]> {
    try {
      const { call, given } = await read();
      return await carryOut(session, asked, call, given);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const sentence = sentenceOf(error, messagesFor(session.locale)) ?? error.userMessage;
      return [await say(session, asked, textReply(sentence, 'hint'))];
    }
  }

  async function carryOut(
    session: Session,
    asked: Asked,
    call: Call,
    given: readonly PictureRecord[],
  ): Promise<string[]> {
    const { thread, locale } = session;
    const meant = given.length > 0 || !call.command.takesPicture ? given : await latest(thread);
    const done = await run(call, {
      platform,
      eventKey: `${thread}.${asked.key}`,
      trigger: asked.trigger,
      person: { id: thread, locale },
      pictures: meant.map(({ id }) => ({ source: { picture: id, message: asked.message }, target: id })),
      registry,
      messages: messagesFor(locale),
      services,
      now: Date.now(),
    });
    if (done.kind === 'reply') return [await say(session, asked, done.reply)];
    const replies: string[] = [];
    for (const request of done.requests) replies.push(await submitter.submit(request));
    return replies;
  }

  async function latest(thread: string): Promise<PictureRecord[]> {
    const id = await pictures.latest(thread);
    return id === undefined ? [] : [await pictures.use(id, thread)];
  }

  async function say({ thread }: Session, asked: Asked, reply: Reply): Promise<string> {
    const id = `h-${digest(thread, asked.message, asked.key)}`;
    await threads.post(thread, {
      id,
      at: Date.now(),
      author: 'impasto',
      tone: reply.tone,
      text: reply.text,
      replyTo: asked.message,
      pictures: [],
      request: null,
      buttons: buttonViews(reply),
    });
    return id;
  }

  return { answer };
}

/** A short name that follows from its parts. */
export function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
