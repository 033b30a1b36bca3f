import type { Redis } from 'ioredis';
import { refuse } from '../../commands/messages/failures.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { ImpastoError } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';
import type { Api, Payload } from './api.ts';
import { isTrouble, troubleOf } from './api-errors.ts';
import { troubleReply } from './conversation.ts';
import type { Reaction } from './reactions.ts';
import { replyWords } from './render.ts';

/** Tells whoever put an emoji why nothing comes of it: for all to see, so seldom. */
export interface Hints {
  contentHidden(reaction: Reaction, messages: Messages): Promise<void>;
  refusal(reaction: Reaction, error: ImpastoError, messages: Messages): Promise<void>;
}

/** Where the bot is not wanted, it says nothing either. */
const UNSPOKEN: readonly string[] = ['server-off', 'channel-not-allowed'];

/** @param seconds how long the same is not said again to the same person */
export function createHints(api: Pick<Api, 'post'>, redis: Redis, seconds: number, log: Log): Hints {
  async function refusal(reaction: Reaction, error: ImpastoError, messages: Messages): Promise<void> {
    const { code } = error;
    if (UNSPOKEN.includes(code)) return;
    const { channel, message, person } = reaction;
    const reply = troubleReply(error, messages, log);
    const key = `${PREFIX}:discord:hint:${person}:${code}`;
    const first = await redis.set(key, '1', 'EX', seconds, 'NX');
    if (first === null) return;
    const { body, files } = replyWords(reply, person);
    // Below somebody else's picture it must say whom it means; no mention of ours calls anybody.
    const content = `<@${person}> ${String(body.content)}`;
    const reference = { channel_id: channel, message_id: message, fail_if_not_exists: false };
    try {
      await post(channel, { ...body, content }, reference, files);
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
  ): Promise<void> {
    try {
      await api.post(channel, { body: { ...body, message_reference: reference }, files });
    } catch (error) {
      const unreadable = isTrouble(
        error,
        'discord-reply-impossible',
        'discord-permission-missing',
        'discord-access-missing',
      );
      if (!unreadable) throw error;
      await api.post(channel, { body, files });
    }
  }

  return {
    refusal,
    contentHidden: (reaction, messages) =>
      refusal(reaction, refuse(messages, 'message-content-off'), messages),
  };
}
