import { AsyncLocalStorage } from 'node:async_hooks';
import PQueue from 'p-queue';
import type { Answer } from '../../commands/command.ts';
import { failureText, sentenceOf } from '../../commands/messages/failures.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Reply } from '../../commands/reply.ts';
import type { CommandRequest, PictureReference, Trigger } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import { failureOf } from '../../queue/failure.ts';
import type { Log } from '../../queue/log.ts';
import type { Asked, Invoker } from '../invoke.ts';
import { replyBlocks } from './answer/blocks.ts';
import type { Gallery } from './answer/gallery.ts';
import type { Hints } from './answer/hints.ts';
import type { Placeholders } from './answer/placeholders.ts';
import { PLACE_SECONDS } from './config.ts';
import { isCoded } from './errors.ts';
import type { Profile, Profiles } from './profiles.ts';
import { momentOf } from './text.ts';
import { isDirect, personOf, placeOf, type Where } from './where.ts';

/** What somebody wants, and where. */
export interface Want {
  readonly where: Where;
  readonly eventKey: string;
  readonly trigger: Trigger;
  readonly read: Asked['read'];
  readonly picture?: PictureReference | undefined;
}

/** What decides what somebody may do, and how they are told. */
export type Known = Pick<Profile, 'locale' | 'manages'>;

/** Takes people's wishes to the queue, and tells them what there is to say. */
export interface Asking {
  /** What comes of a wish; nothing is submitted yet. @throws UserError in the person's language */
  invoke(want: Want): Promise<Answer>;
  /** Make it durable; its placeholder is posted soon after. @throws UserError, ImpastoError where it can't be taken */
  submit(request: CommandRequest, where: Where): Promise<void>;
  /** The whole way: invoke, then say or submit. @throws as both */
  ask(want: Want): Promise<void>;
  /** @param everyone left out, for the asker's eyes alone */
  say(reply: Reply, where: Where, everyone?: boolean): Promise<void>;
  /** Do something for somebody, when it is their turn; what goes wrong is told to them, and what nobody foresaw to the log as well. */
  attempt(where: Where, work: () => Promise<void>): Promise<void>;
  /** What the running attempt does from now on takes its time (a view, an upload), and keeps nobody else waiting. */
  leaveTurn(): void;
  /**
   * Do what may hinge on whether somebody manages the workspace. Where that is not known at once, `work` is tried as for
   * somebody who does not; what it refuses them, it is asked again once Slack has told.
   * @throws what `work` throws, and `Profiles.of`
   */
  knowing<T>(where: Where, work: (person: Known) => Promise<T>): Promise<T>;
  /** Bots are never answered. @throws ImpastoError as `Profiles.of` */
  isBot(where: Where): Promise<boolean>;
  messages(where: Where): Promise<Messages>;
  /** What an error says to somebody; the log hears of what nobody foresaw. */
  sentence(error: unknown, where: Where): Promise<string>;
  /** Settles once nothing is left to do. */
  idle(): Promise<void>;
}

/** What asking needs. */
export interface AskingOptions {
  readonly invoker: Invoker;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'cancel' | 'get'>;
  readonly placeholders: Placeholders;
  readonly hints: Hints;
  readonly gallery: Gallery;
  readonly profiles: Profiles;
  /** Settles once nobody waits for an acknowledgement any more: work comes after those. */
  readonly quiet: () => Promise<void>;
  readonly log: Log;
}

/** What people want is seen to so many at once: more would keep those who come next from being acknowledged in time. */
const AT_ONCE = 16;

/** The workspace whose settings count, in talks with the bot alone too. */
export function serverOf({ workspace, channel }: Where): {
  readonly server: string;
  readonly channel: string;
  readonly alone: boolean;
} {
  return { server: workspace.team, channel, alone: isDirect(channel) };
}

export function createAsking(options: AskingOptions): Asking {
  const { invoker, queue, placeholders, hints, gallery, profiles, quiet, log } = options;
  const turns = new PQueue({ concurrency: AT_ONCE });
  const turn = new AsyncLocalStorage<() => void>();
  const leaveTurn = (): void => turn.getStore()?.();
  // Apart from them: everybody's wish is durable before anybody's message is posted.
  const posts = new PQueue({ concurrency: AT_ONCE });

  async function invoke({ where, ...want }: Want): Promise<Answer> {
    return await knowing(where, ({ locale, manages }) =>
      invoker.invoke({ ...want, ...serverOf(where), person: { id: personOf(where), locale }, manages }),
    );
  }

  async function knowing<T>(where: Where, work: (person: Known) => Promise<T>): Promise<T> {
    const { locale, manages } = await profiles.glimpse(where);
    try {
      return await work({ locale, manages: manages ?? false });
    } catch (error) {
      if (manages !== undefined || !isCoded(error, 'managers-only', 'delete-not-yours')) throw error;
      return await work(await profiles.of(where));
    }
  }

  async function submit(request: CommandRequest, where: Where): Promise<void> {
    const submission = await invoker.submit(request, placeOf(where), PLACE_SECONDS);
    if (!submission.accepted && submission.reason === 'intent') {
      if (request.trigger === 'reaction' || submission.request === request.id) return;
      const { alreadyOpen } = messagesFor(request.person.locale);
      await hints.tryToSay(where, { text: alreadyOpen });
      return;
    }
    // Whether an emoji is on a picture is known at intake only: until then nothing is said.
    if (request.trigger === 'reaction') return;
    void posts
      .add(() => told(where, () => post(request, where)))
      .catch((error: unknown) => log.error({ request: request.id, err: error }, 'A placeholder has failed'));
  }

  async function post(request: CommandRequest, where: Where): Promise<void> {
    try {
      await placeholders.ensure(request, where);
    } catch (error) {
      if (!(error instanceof ImpastoError)) throw error;
      if (!error.retryable) {
        await queue.cancel(request.id, request.person.id);
        throw error;
      }
      log.warn({ request: request.id, err: error }, 'A placeholder is left to the delivery');
    }
  }

  async function say(reply: Reply, where: Where, everyone = false): Promise<void> {
    const { text, gallery: styles = [] } = reply;
    leaveTurn();
    const words = replyBlocks(reply);
    const pictures = await gallery.blocks(where.workspace, styles);
    try {
      await hints.say(where, { text, blocks: [...words, ...pictures], everyone });
    } catch (error) {
      if (pictures.length === 0 || !isCoded(error, 'slack-blocks-refused')) throw error;
      await gallery.forget(where.workspace);
      await hints.say(where, { text, blocks: words, everyone });
    }
  }

  async function ask(want: Want): Promise<void> {
    const answer = await invoke(want);
    if (answer.kind === 'reply') return await say(answer.reply, want.where);
    for (const request of answer.requests) await submit(request, want.where);
  }

  async function attempt(where: Where, work: () => Promise<void>): Promise<void> {
    let whole: Promise<void> = Promise.resolve();
    const begin = (leave: () => void): void => {
      whole = turn.run(leave, () => told(where, work)).finally(leave);
    };
    await turns.add(async () => {
      await quiet();
      await new Promise<void>(begin);
    });
    await whole;
  }

  async function told(where: Where, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      leaveTurn();
      await hints.tryToSay(where, { text: await sentence(error, where) });
    }
  }

  async function sentence(error: unknown, where: Where): Promise<string> {
    const messages = await messagesOf(where);
    const facts = { channel: where.channel, workspace: where.workspace.team };
    const mistake = error instanceof ImpastoError && !error.report ? error : undefined;
    const said = mistake === undefined ? undefined : sentenceOf(mistake, messages, momentOf);
    return said ?? failureText(failureOf(error, log, facts), messages, momentOf);
  }

  async function messagesOf(where: Where): Promise<Messages> {
    return messagesFor((await profiles.glimpse(where)).locale, invoker.platform);
  }

  return {
    invoke,
    submit,
    ask,
    say,
    attempt,
    leaveTurn,
    knowing,
    isBot: async (where) => (await profiles.of(where)).bot,
    messages: messagesOf,
    sentence,
    idle: async () => {
      await turns.onIdle();
      await posts.onIdle();
    },
  };
}
