import type { Client } from 'discord.js';
import { LRUCache } from 'lru-cache';
import { plainEmoji, wishOf } from '../../commands/emojis.ts';
import { messagesFor } from '../../commands/messages/language.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import { isReaction, readReaction } from '../../commands/parse.ts';
import { placeholderReply } from '../../commands/reply.ts';
import { type CommandRequest, requestId } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import { cameToNothing, type Progress } from '../../queue/request.ts';
import { type ServerSettings, type ServerSettingsStore, unlessDamaged } from '../../queue/server-settings.ts';
import type { Invoker } from '../invoke.ts';
import type { Api } from './api.ts';
import { isTrouble, troubleOf } from './api-errors.ts';
import { originOf } from './find-pictures.ts';
import type { Hints } from './hints.ts';
import { createOneByOne } from './one-by-one.ts';
import type { Parents } from './parents.ts';
import { picturesOf } from './pictures-of.ts';
import { checkPlace } from './reaction-place.ts';
import { replyWords } from './render.ts';
import { sourceJson, type Wanted, type Where } from './source.ts';
import type { Notes, Speaker } from './speaker.ts';
import type { WireMessage } from './wire.ts';

/** An emoji that a person put on a message. */
export interface Reaction {
  readonly channel: string;
  readonly message: string;
  readonly server: string | undefined;
  /** As people write it: the emoji itself, or `<:name:id>` for a server's own. */
  readonly emoji: string;
  readonly person: string;
  /** Who wrote the message, where Discord says so. */
  readonly author: string | undefined;
}

/** Answers emojis that ask for something. */
export type Reactions = (reaction: Reaction) => Promise<void>;

/** What reactions need. */
export interface ReactionsOptions {
  readonly client: Client;
  readonly api: Api;
  readonly cdn: string;
  readonly seesContent: () => boolean;
  readonly parents: Parents;
  readonly invoker: Invoker;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'note' | 'notes' | 'progress'>;
  readonly serverSettings: ServerSettingsStore;
  readonly speaker: Speaker;
  readonly hints: Hints;
  readonly placeSeconds: number;
  readonly log: Log;
}

/** How long a message without a picture is not looked at again; a link may show its picture a little later. */
const PASSED_OVER_MS = 10_000;

/** How often an emoji on one message may be tried again where it led to nothing. */
const MOST_TRIES = 5;

/**
 * The answer is a message of the bot's own, which replies to the picture, or stands in a thread made on it. Whoever puts
 * the same emoji on the same message asks for the same picture. What is no picture is passed over.
 */
export function createReactions(options: ReactionsOptions): Reactions {
  const { client, api, cdn, seesContent, parents, invoker, queue, serverSettings, speaker, hints, log } =
    options;

  const oneByOne = createOneByOne();
  const passedOver = new LRUCache<string, true>({ max: 1_000, ttl: PASSED_OVER_MS });

  return async (reaction) => {
    const { server, message, emoji } = reaction;
    const settings =
      server === undefined ? undefined : await unlessDamaged(serverSettings.read('discord', server));
    if (!isReaction(emoji, invoker.registry, settings)) return;
    // An emoji that was given another meaning asks for something else.
    const wish = `${message}.${plainEmoji(emoji)}.${networkOf(emoji, invoker.registry, settings)}`;
    await oneByOne(wish, () => react(reaction, wish, settings));
  };

  async function react(
    reaction: Reaction,
    wish: string,
    settings: ServerSettings | undefined,
  ): Promise<void> {
    const { server } = reaction;
    if (passedOver.has(reaction.message) || (await answered(wish))) return;
    const guild = server === undefined ? undefined : client.guilds.cache.get(server);
    const locale = guild?.preferredLocale ?? 'en-US';
    const messages = messagesFor(locale);
    const parent = await parents(reaction.channel, server);
    const opensThread = settings?.reactionThreads === true && parent === undefined;
    const where: Where = {
      channel: reaction.channel,
      ...(server === undefined ? {} : { server }),
      reply: reaction.message,
      ...(opensThread ? { thread: messages.home.title } : {}),
    };
    try {
      const wanted = await wantedOf(reaction, messages, opensThread);
      if (wanted === undefined) return;
      checkPlace(client, reaction, opensThread, messages);
      const source = sourceJson(where, wanted);
      const request = await submitted(reaction, locale, source, wish, parent);
      if (request !== undefined) await putUp(request, where);
    } catch (error) {
      if (!(error instanceof ImpastoError)) throw error;
      await hints.refusal(reaction, error, messages);
    }
  }

  /** True where an answer or its placeholder stands already: then nothing need be asked of Discord. */
  async function answered(wish: string): Promise<boolean> {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
      const id = requestId('discord', eventKeyOf(wish, attempt));
      const [progress, notes] = await Promise.all([queue.progress(id), queue.notes(id)]);
      if (progress === undefined) return false;
      if (!isFree(progress, notes)) return progress.state === 'answered' || notes.message !== undefined;
    }
    return true;
  }

  /** Undefined where there is no picture, or Discord does not show it. */
  async function wantedOf(
    reaction: Reaction,
    messages: Messages,
    opensThread: boolean,
  ): Promise<Wanted | undefined> {
    const { channel, message: id } = reaction;
    try {
      const message = await api.message(channel, id);
      const links = picturesOf(message, cdn);
      const origin = originOf(message);
      const from = { channel, message: id };
      if (links.length > 0)
        return { kind: 'links', links, from, ...(origin === undefined ? {} : { origin }) };
      if (hidden(message, reaction)) await hints.contentHidden(reaction, messages);
      else passedOver.set(id, true);
      return undefined;
    } catch (error) {
      // Intake looks again, until Discord answers.
      if (isTrouble(error, 'discord-away', 'discord-busy')) return { kind: 'message', channel, message: id };
      if (isTrouble(error, 'discord-access-missing', 'discord-permission-missing')) {
        checkPlace(client, reaction, opensThread, messages);
      }
      log.info({ err: troubleOf(error) }, 'A message with a reaction cannot be looked at');
      return undefined;
    }
  }

  /** An empty shell: Discord keeps from us what people wrote and posted. */
  function hidden({ content, author }: WireMessage, { server }: Reaction): boolean {
    return server !== undefined && !seesContent() && content === '' && author.bot !== true;
  }

  /** The request that is new now; undefined where the same stands already. */
  async function submitted(
    reaction: Reaction,
    locale: string,
    source: ReturnType<typeof sourceJson>,
    wish: string,
    parent: string | undefined,
  ): Promise<CommandRequest | undefined> {
    const { message, emoji, person, server, channel } = reaction;
    for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
      const answer = await invoker.invoke({
        eventKey: eventKeyOf(wish, attempt),
        trigger: 'reaction',
        person: { id: person, locale },
        server,
        channel: parent ?? channel,
        manages: false,
        picture: { source, target: message },
        read: (registry, messages, own) => readReaction(emoji, registry, messages, own),
      });
      const request = answer.kind === 'requests' ? answer.requests[0] : undefined;
      if (request === undefined) return undefined;
      const submission = await invoker.submit(request, { reaction: message }, options.placeSeconds);
      // The first of all who put it there is accepted, and so is whoever comes later.
      const [progress, notes] = await Promise.all([
        queue.progress(submission.request),
        queue.notes(submission.request),
      ]);
      if (isFree(progress, notes)) continue;
      return submission.accepted && progress?.state !== 'answered' ? request : undefined;
    }
    return undefined;
  }

  async function putUp(request: CommandRequest, where: Where): Promise<void> {
    try {
      const notes = await queue.notes(request.id);
      if (notes.message !== undefined) return;
      const payload = replyWords(placeholderReply(request), request.person.id);
      await speaker.hold({ request, where, place: undefined, notes }, payload);
    } catch (error) {
      // Delivery posts the answer where no placeholder stands.
      log.warn({ request: request.id, err: troubleOf(error) }, 'A placeholder could not be put up');
    }
  }
}

function networkOf(...asked: Parameters<typeof wishOf>): string {
  const wish = wishOf(...asked);
  return (wish?.kind === 'style' ? wish.style.name : wish?.upscaler.name) ?? '';
}

/** @param wish message, emoji, and what the emoji means */
function eventKeyOf(wish: string, attempt: number): string {
  return `reaction.${wish}.${attempt}`;
}

/** What came to nothing, or was deleted, does not stand in the way of another try. */
function isFree(progress: Progress | undefined, { deleted }: Notes): boolean {
  return cameToNothing(progress?.state) || deleted !== undefined;
}
