import type { Redis } from 'ioredis';
import { refuse } from '../../commands/messages/failures.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { ImpastoError } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';
import type { Api, Payload } from './api.ts';
import { isTrouble, troubleOf } from './api-errors.ts';
import { troubleReply } from './conversation.ts';
import type { Fading } from './fading.ts';
import type { Reaction } from './reactions.ts';
import { replyWords } from './render.ts';
import type { WirePosted } from './wire.ts';

/** Tells whoever put an emoji why nothing comes of it: for all to see, so seldom and not for long. */
export interface Hints {
  contentHidden(reaction: Reaction, messages: Messages): Promise<void>;
  refusal(reaction: Reaction, error: ImpastoError, messages: Messages): Promise<void>;
}

/** Where the bot is not wanted, it says nothing either. */
const UNSPOKEN: readonly string[] = ['server-off', 'channel-not-allowed'];

/** What hints need. */
export interface HintsOptions {
  readonly api: Pick<Api, 'post'>;
  readonly redis: Redis;
  readonly fading: Pick<Fading, 'keep'>;
  /** How long the same is not said again to the same person. */
  readonly hintSeconds: number;
  /** How long it stands. */
  readonly hintShownSeconds: number;
  readonly log: Log;
}

export function createHints(options: HintsOptions): Hints {
  const { api, redis, fading, hintSeconds, hintShownSeconds, log } = options;

  async function refusal(reaction: Reaction, error: ImpastoError, messages: Messages): Promise<void> {
    const { code } = error;
    if (UNSPOKEN.includes(code)) return;
    const { channel, message, person } = reaction;
    const reply = troubleReply(error, messages, log);
    const key = `${PREFIX}:discord:hint:${person}:${code}`;
    const first = await redis.set(key, '1', 'EX', hintSeconds, 'NX');
    if (first === null) return;
    const { body, files } = replyWords(reply, person);
    // Below somebody else's picture it must say whom it means; no mention of ours calls anybody.
    const content = `<@${person}> ${String(body.content)}`;
    const reference = { channel_id: channel, message_id: message, fail_if_not_exists: false };
    try {
      const { id } = await post(channel, { ...body, content }, reference, files);
      await fading.keep(channel, id, Date.now() + hintShownSeconds * 1000);
    } catch (reason) {
      await redis.del(key);
      log.warn({ code, err: troubleOf(reason) }, 'Why an emoji leads to nothing could not be said');
    }
  }

  /** As a reply where Discord lets us reply: that takes reading what was said before. */
  async function post(
    channel: string,
    body: Payload['body'],
    reference: object,
    files: Payload['files'],
  ): Promise<WirePosted> {
    try {
      return await api.post(channel, { body: { ...body, message_reference: reference }, files });
    } catch (error) {
      const unreadable = isTrouble(
        error,
        'discord-reply-impossible',
        'discord-permission-missing',
        'discord-access-missing',
      );
      if (!unreadable) throw error;
      return await api.post(channel, { body, files });
    }
  }

  return {
    refusal,
    contentHidden: (reaction, messages) =>
      refusal(reaction, refuse(messages, 'message-content-off'), messages),
  };
}
