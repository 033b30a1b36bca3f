import { createHash } from 'node:crypto';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import { type Call, isCommandLine, parseLine, readReaction } from '../../commands/parse.ts';
import type { Registry } from '../../commands/registry.ts';
import { type Reply, textReply } from '../../commands/reply.ts';
import type { Trigger } from '../../commands/request.ts';
import { run } from '../../commands/run.ts';
import { UserError } from '../../errors.ts';
import { type PictureRecord, type Pictures, pictureView } from './pictures.ts';
import { sentences } from './sentences.ts';
import type { Session } from './session.ts';
import type { Submitter } from './submitter.ts';
import type { Threads } from './threads.ts';

export interface PostedMessage {
  /** The same for a message that is sent again. */
  readonly key: string;
  readonly text: string;
  readonly pictures: readonly string[];
}

export interface PostedReaction {
  readonly key: string;
  readonly message: string;
  readonly picture: string;
  readonly emoji: string;
}

/** What people say, and what becomes of it. Everything may be repeated under the same key without effect. */
export interface Conversation {
  /** Returns the ids of the message and of what answers it. @throws UserError `picture-unknown`, `picture-expired` */
  message(session: Session, posted: PostedMessage): Promise<{ message: string; replies: string[] }>;
  /** @throws UserError `message-unknown`, `picture-unknown` */
  reaction(session: Session, posted: PostedReaction): Promise<{ replies: string[] }>;
}

export interface ConversationOptions {
  readonly platform: string;
  readonly registry: Registry;
  readonly threads: Threads;
  readonly pictures: Pictures;
  readonly submitter: Submitter;
}

export function createConversation(options: ConversationOptions): Conversation {
  const { platform, registry, threads, pictures, submitter } = options;

  async function message(session: Session, posted: PostedMessage): ReturnType<Conversation['message']> {
    const { thread } = session;
    const messages = messagesFor(session.locale);
    const given: PictureRecord[] = [];
    for (const id of posted.pictures) given.push(await pictures.use(id, thread));
    const id = `p-${digest(thread, posted.key)}`;
    await threads.post(thread, {
      id,
      at: Date.now(),
      author: 'you',
      tone: 'plain',
      text: posted.text,
      replyTo: null,
      pictures: given.map(pictureView),
      request: null,
      buttons: [],
    });
    const newest = given.at(-1);
    if (newest !== undefined) await pictures.setLatest(thread, newest.id);
    const replies = await kindly(session, id, () => {
      if (!isCommandLine(posted.text)) throw talk(messages, registry, given.length > 0);
      const call = parseLine(posted.text, registry, messages);
      return carryOut(session, call, { id, key: posted.key, trigger: 'command', given });
    });
    return { message: id, replies };
  }

  async function reaction(session: Session, posted: PostedReaction): ReturnType<Conversation['reaction']> {
    const { thread } = session;
    const messages = messagesFor(session.locale);
    const { message: id, picture, emoji } = posted;
    const target = await threads.read(thread, id);
    if (target === undefined) throw new UserError('message-unknown', sentences.messageUnknown);
    if (!target.pictures.some((each) => each.id === picture)) {
      throw new UserError('picture-unknown', sentences.pictureUnknown);
    }
    await threads.react(thread, id, picture, emoji);
    // A reaction and a message may have been given the same key: they are events of different kinds.
    const key = `reaction.${posted.key}`;
    const replies = await kindly(
      session,
      id,
      async () => {
        const call = readReaction(emoji, registry, messages);
        const given = [await pictures.use(picture, thread)];
        return carryOut(session, call, { id, key, trigger: 'reaction', given });
      },
      key,
    );
    return { replies };
  }

  interface Event {
    readonly id: string;
    readonly key: string;
    readonly trigger: Trigger;
    readonly given: readonly PictureRecord[];
  }

  async function carryOut(session: Session, call: Call, event: Event): Promise<string[]> {
    const { thread, locale } = session;
    const given = event.given.length > 0 || !call.command.takesPicture ? event.given : await latest(thread);
    const answer = run(call, {
      platform,
      eventKey: `${thread}.${event.key}`,
      trigger: event.trigger,
      person: { id: thread, locale },
      pictures: given.map(({ id }) => ({ source: { picture: id, message: event.id }, target: id })),
      registry,
      messages: messagesFor(locale),
      now: Date.now(),
    });
    if (answer.kind === 'reply') return [await say(thread, event.id, answer.reply, event.key)];
    const replies: string[] = [];
    for (const request of answer.requests) replies.push(await submitter.submit(request));
    return replies;
  }

  async function latest(thread: string): Promise<PictureRecord[]> {
    const id = await pictures.latest(thread);
    return id === undefined ? [] : [await pictures.use(id, thread)];
  }

  /** A person's mistake is answered in the thread, as on every platform. */
  async function kindly(
    session: Session,
    id: string,
    act: () => Promise<string[]>,
    key: string = '',
  ): Promise<string[]> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [await say(session.thread, id, textReply(error.userMessage, 'hint'), key)];
    }
  }

  async function say(thread: string, replyTo: string, reply: Reply, key: string): Promise<string> {
    const id = `h-${digest(thread, replyTo, key)}`;
    await threads.post(thread, {
      id,
      at: Date.now(),
      author: 'impasto',
      tone: reply.tone,
      text: reply.text,
      replyTo,
      pictures: [],
      request: null,
      buttons: [],
    });
    return id;
  }

  return { message, reaction };
}

/** Words that are no command are no mistake either, but a person who writes them waits for something. */
function talk(messages: Messages, registry: Registry, withPicture: boolean): UserError {
  const example = registry.commands[0]?.example(registry.styles) ?? '/help';
  return withPicture
    ? new UserError('command-missing', messages.pictureWithoutCommand({ example }))
    : new UserError('command-missing', messages.noCommand({ example }));
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
