import { z } from 'zod';
import { LATEST_OF } from '../config.ts';
import { calling, isCoded } from '../errors.ts';
import type { Voice } from '../workspaces.ts';
import { picturesOf, type SlackMessage, slackMessage } from './message.ts';
import { latestOfThread, newestFirst, PAGE } from './thread.ts';

/** Where to look, up to which moment. */
export interface Stretch {
  readonly channel: string;
  /** Left out: the channel itself. */
  readonly thread?: string | undefined;
  /** A timestamp, included. */
  readonly until?: string | undefined;
}

/**
 * Up to `LATEST_OF` messages, newest first, of a thread with its parent as the oldest; `latestOfThread` says how far a
 * thread is read.
 * @throws ImpastoError as `calling` does
 */
export async function recentMessages({ client }: Voice, stretch: Stretch): Promise<readonly SlackMessage[]> {
  const { channel, thread, until } = stretch;
  const common = {
    channel,
    inclusive: true,
    limit: LATEST_OF,
    ...(until === undefined ? {} : { latest: until }),
  };
  if (thread === undefined) {
    const { messages } = await calling('conversations.history', client.conversations.history(common));
    return newestFirst(read(messages));
  }
  return await latestOfThread(
    async (since) => {
      const page = await calling(
        'conversations.replies',
        client.conversations.replies({
          ...common,
          ts: thread,
          limit: PAGE,
          ...(since === undefined ? {} : { oldest: since }),
        }),
      );
      return { messages: read(page.messages), more: page.has_more === true };
    },
    thread,
    LATEST_OF,
    Number(until ?? Date.now() / 1000),
  );
}

/**
 * One message, in a thread or not; undefined where it is gone.
 * @throws ImpastoError as `calling` does
 */
export async function messageAt(
  { client }: Voice,
  channel: string,
  ts: string,
): Promise<SlackMessage | undefined> {
  try {
    const { messages } = await calling(
      'conversations.replies',
      client.conversations.replies({
        channel,
        ts,
        latest: ts,
        oldest: ts,
        inclusive: true,
        // A thread's parent may come along with its reply.
        limit: 5,
        include_all_metadata: true,
      }),
    );
    return read(messages).find((message) => message.ts === ts);
  } catch (error) {
    if (isCoded(error, 'slack-message-gone')) return undefined;
    throw error;
  }
}

/** The latest message with a picture by that person, else by anyone, the bot included. */
export function latestPictured(messages: readonly SlackMessage[], user: string): SlackMessage | undefined {
  const pictured = messages.filter((message) => picturesOf(message).length > 0);
  return pictured.find((message) => message.user === user) ?? pictured[0];
}

const listed = z.array(z.unknown());

function read(messages: unknown): readonly SlackMessage[] {
  return listed
    .catch([])
    .parse(messages)
    .flatMap((each) => {
      const { data } = slackMessage.safeParse(each);
      return data === undefined ? [] : [data];
    });
}
