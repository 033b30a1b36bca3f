import { help } from '../../commands/help.ts';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import { isCommandLine, parseLine, readReaction } from '../../commands/parse.ts';
import type { Registry } from '../../commands/registry.ts';
import { firstExample } from '../../commands/usage.ts';
import { UserError } from '../../errors.ts';
import { type AnswersOptions, createAnswers, digest } from './answers.ts';
import { type PictureRecord, pictureView } from './pictures.ts';
import type { Session } from './session.ts';

/** A message as the page sends it. */
export interface PostedMessage {
  /** The same for a message that is sent again. */
  readonly key: string;
  readonly text: string;
  /** Ids of pictures that were uploaded before. */
  readonly pictures: readonly string[];
}

/** An emoji put on one picture of a message. */
export interface PostedReaction {
  /** The same for a reaction that is sent again. */
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

/** Takes what people say into their threads, and has it answered. */
export function createConversation(options: AnswersOptions): Conversation {
  const { registry, threads, pictures } = options;
  const { answer } = createAnswers(options);

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
    const asked = { message: id, key: posted.key, trigger: 'command' } as const;
    const replies = await answer(session, asked, async () => {
      if (!isCommandLine(posted.text)) throw talk(messages, registry, given.length > 0);
      return { call: parseLine(posted.text, registry, messages), given };
    });
    return { message: id, replies };
  }

  async function reaction(session: Session, posted: PostedReaction): ReturnType<Conversation['reaction']> {
    const { thread } = session;
    const { message: id, picture, emoji } = posted;
    const target = await threads.read(thread, id);
    if (target === undefined) throw refuse(en, 'message-unknown');
    if (!target.pictures.some((each) => each.id === picture)) {
      throw refuse(en, 'picture-unknown');
    }
    await threads.react(thread, id, picture, emoji);
    // A reaction and a message may have been given the same key: they are events of different kinds.
    const asked = { message: id, key: `reaction.${posted.key}`, trigger: 'reaction' } as const;
    const replies = await answer(session, asked, async () => ({
      call: readReaction(emoji, registry, messagesFor(session.locale)),
      given: [await pictures.use(picture, thread)],
    }));
    return { replies };
  }

  return { message, reaction };
}

/** Words that are no command are no mistake either, but a person who writes them waits for something. */
function talk(messages: Messages, registry: Registry, withPicture: boolean): UserError {
  const example = firstExample(registry);
  return withPicture
    ? new UserError('command-missing', messages.pictureWithoutCommand({ example }))
    : new UserError('command-missing', messages.noCommand({ example, help: registry.write(help) }));
}
