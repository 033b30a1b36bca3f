import { eventually } from '../../queue/support.ts';
import type { DiscordPeer } from './peer/api.ts';
import type { Posted } from './peer/asked.ts';
import type { Ref } from './peer/people.ts';
import type { DiscordHouse } from './support.ts';

/** What the bot has said for all to see in a channel, or in answer to one message there. */
export function answersTo(peer: DiscordPeer, channel: Ref, post?: Ref): readonly Posted[] {
  return peer
    .messages(channel)
    .filter(({ authorId, ephemeral }) => authorId === peer.botId && !ephemeral)
    .filter(({ replyTo }) => post === undefined || replyTo === post.id);
}

/** The bot's first message in a channel that holds pictures, once it is there. */
export function painted(peer: DiscordPeer, channel: Ref, limitMs = 15_000): Promise<Posted> {
  return eventually(() => answersTo(peer, channel).find(({ files }) => files.length > 0), limitMs);
}

/** Wait until nothing is in line and the bot asks Discord for nothing more. */
export async function settle({
  mia,
  general,
  peer,
}: Pick<DiscordHouse, 'mia' | 'general' | 'peer'>): Promise<void> {
  for (;;) {
    const { content } = await (await mia.slash(general, 'queue')).answer();
    const before = peer.requests.length;
    await new Promise((wake) => setTimeout(wake, 300));
    if (content.includes('The line is empty') && peer.requests.length === before) return;
  }
}
