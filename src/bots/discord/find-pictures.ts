import { refuse } from '../../commands/messages/failures.ts';
import type { Messages } from '../../commands/messages/messages.ts';
import type { Api } from './api.ts';
import { isTrouble } from './api-errors.ts';
import { isThread } from './parents.ts';
import { ownPicturesOf, picturesOf } from './pictures-of.ts';
import type { Link, Wanted, Where } from './source.ts';
import type { WireMessage } from './wire.ts';

/** How many messages back the latest picture is looked for. */
export const MOST_MESSAGES = 50;

/** Pictures, and the message that holds them: from it come new addresses where these have expired. */
export interface Found {
  readonly links: readonly Link[];
  readonly from?: { readonly channel: string; readonly message: string } | undefined;
}

/** What looking for pictures needs. */
export interface FindOptions {
  readonly api: Api;
  readonly cdn: string;
  /** Whether Discord shows us what people post. */
  readonly seesContent: () => boolean;
}

/**
 * The pictures that are wanted.
 * @throws UserError `picture-not-found`, `message-content-off`, `source-age-restricted`; ImpastoError where Discord is away
 */
export async function findPictures(
  { api, cdn, seesContent }: FindOptions,
  wanted: Wanted,
  where: Where,
  example: string,
  messages: Messages,
): Promise<Found> {
  if (wanted.kind === 'links') {
    await checkAge(api, wanted.origin, where, messages);
    return wanted;
  }
  const all = await readable(messages, async () =>
    wanted.kind === 'message'
      ? [await api.message(wanted.channel, wanted.message)]
      : await api.latest(wanted.channel, MOST_MESSAGES),
  );
  const theirs = wanted.kind === 'latest' ? all.filter(({ author }) => author.id === wanted.person) : [];
  // The latest is what somebody posted, not what somebody said a word about.
  const look = wanted.kind === 'latest' ? ownPicturesOf : picturesOf;
  for (const message of [...theirs, ...all]) {
    const links = look(message, cdn);
    if (links.length === 0) continue;
    await checkAge(api, originOf(message), where, messages);
    return { links, from: { channel: message.channel_id, message: message.id } };
  }
  // In private Discord shows all; elsewhere we may have looked at empty shells.
  const hidden = where.server !== undefined && !seesContent();
  throw refuse(messages, hidden ? 'message-content-off' : 'picture-not-found', hidden ? {} : { example });
}

async function readable<T>(messages: Messages, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (isTrouble(error, 'discord-access-missing', 'discord-permission-missing', 'discord-place-gone')) {
      throw refuse(messages, 'message-content-off', {}, error);
    }
    if (isTrouble(error, 'discord-message-gone')) {
      throw refuse(messages, 'picture-link-expired', {}, error);
    }
    throw error;
  }
}

/** The channel that a message's pictures were forwarded from. */
export function originOf({ message_snapshots, message_reference }: WireMessage): string | undefined {
  return message_snapshots.length > 0 ? (message_reference?.channel_id ?? undefined) : undefined;
}

/** What was forwarded from an age-restricted channel is answered in such a one only. */
async function checkAge(
  api: Api,
  origin: string | undefined,
  where: Where,
  messages: Messages,
): Promise<void> {
  if (origin === undefined || origin === where.channel) return;
  if (!(await isAgeRestricted(api, origin))) return;
  if (where.server === undefined || (await isAgeRestricted(api, where.channel))) return;
  throw refuse(messages, 'source-age-restricted');
}

/** A thread is what its channel is. Of one that we cannot see nothing is known: Discord itself guards its forwards. */
async function isAgeRestricted(api: Api, id: string): Promise<boolean> {
  try {
    const channel = await api.channel(id);
    const { parent_id: parent } = channel;
    if (isThread(channel) && typeof parent === 'string') return (await api.channel(parent)).nsfw === true;
    return channel.nsfw === true;
  } catch (error) {
    if (isTrouble(error, 'discord-access-missing', 'discord-permission-missing', 'discord-place-gone'))
      return false;
    throw error;
  }
}
