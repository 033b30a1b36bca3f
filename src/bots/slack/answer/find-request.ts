import type { CommandRequest } from '../../../commands/request.ts';
import { calling } from '../errors.ts';
import { slackMessage } from '../pictures/message.ts';
import type { Where } from '../where.ts';
import type { Voice } from '../workspaces.ts';

/** Clocks of Slack and of ours differ. */
const CLOCK_SECONDS = 60;
/** As many messages as Slack gives of a thread or channel at once. */
const PAGE = 200;

/**
 * The timestamp of the message that names a request in its metadata, among all that was posted since it was asked;
 * undefined where there is none.
 * @param gone a timestamp that is not meant
 * @throws ImpastoError as `calling` does
 */
export async function findRequest(
  { client }: Voice,
  { id, createdAt }: Pick<CommandRequest, 'id' | 'createdAt'>,
  { channel, thread }: Pick<Where, 'channel' | 'thread'>,
  gone: string | undefined,
): Promise<string | undefined> {
  const oldest = (createdAt / 1000 - CLOCK_SECONDS).toFixed(6);
  const stretch = { channel, oldest, inclusive: true, limit: PAGE, include_all_metadata: true };
  let cursor: string | undefined;
  do {
    const part = { ...stretch, ...(cursor === undefined ? {} : { cursor }) };
    const page = await (thread === undefined
      ? calling('conversations.history', client.conversations.history(part))
      : calling('conversations.replies', client.conversations.replies({ ...part, ts: thread })));
    for (const message of page.messages ?? []) {
      const { data } = slackMessage.safeParse(message);
      if (data !== undefined && data.ts !== gone && data.metadata?.event_payload?.request === id)
        return data.ts;
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return undefined;
}
