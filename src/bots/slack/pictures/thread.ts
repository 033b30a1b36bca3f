import type { SlackMessage } from './message.ts';

/** A part of a thread, oldest first, its parent perhaps before them. */
export interface ThreadPage {
  readonly messages: readonly SlackMessage[];
  /** True where newer ones were left out. */
  readonly more: boolean;
}

/** Calls that one look into a thread takes at most; a page holds so many messages. */
export const MOST_CALLS = 10;
export const PAGE = 200;

/**
 * The latest messages of a thread, which can be read forwards only, in at most `MOST_CALLS` pages. Every second page goes
 * on from the last; those between look for the end by halving the time that is left. So a thread of a thousand messages
 * is known for sure, and of a longer one its latest messages, though perhaps not `most` of them without a gap.
 *
 * @param read a page of what was written from a moment (seconds since the epoch, with six decimals) on, that one included; from the parent on where it is left out
 * @param until when the last message was written at the latest
 */
export async function latestOfThread(
  read: (from: string | undefined) => Promise<ThreadPage>,
  thread: string,
  most: number,
  until: number,
): Promise<readonly SlackMessage[]> {
  const seen = new Map<string, SlackMessage>();
  let last: number | undefined;
  let end = until;
  for (let call = 0; call < MOST_CALLS; call++) {
    const onwards = call % 2 === 0;
    const from = last === undefined ? undefined : onwards ? last : (last + end) / 2;
    const { messages, more } = await read(from?.toFixed(6));
    for (const message of messages) seen.set(message.ts, message);
    const replies = messages.filter(({ ts }) => ts !== thread);
    if (more) last = Math.max(last ?? 0, ...replies.map(({ ts }) => Number(ts)));
    else if (from === undefined || onwards || replies.length >= most) break;
    else end = from;
  }
  return newestFirst([...seen.values()]).slice(0, most);
}

/** Messages by their time. */
export function newestFirst(messages: readonly SlackMessage[]): readonly SlackMessage[] {
  return messages.toSorted((a, b) => Number(b.ts) - Number(a.ts));
}
