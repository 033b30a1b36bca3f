import type { Messages } from '../messages.ts';
import type { News } from '../news.ts';
import { botsChannel, type Permission } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import type { Call, Route } from '../server.ts';
import type { Kept, World } from '../world.ts';

/** Reactions to messages, by people and by the bot. */
export interface Reactions {
  add(kept: Kept, userId: string, emoji: string): void;
  remove(kept: Kept, userId: string, emoji: string): void;
  readonly routes: readonly Route[];
}

// The compiler's target is older than this flag, which the least Node has.
const SOURCE = String.raw`^(\p{RGI_Emoji}|\p{Extended_Pictographic})`;
const EMOJI = new RegExp(SOURCE, 'v');

export function createReactions(world: World, messages: Messages, news: News): Reactions {
  function add(kept: Kept, userId: string, emoji: string): void {
    const people = kept.reactions.get(emoji) ?? new Set();
    if (people.has(userId)) return;
    kept.reactions.set(emoji, people.add(userId));
    news.reaction('MESSAGE_REACTION_ADD', kept, userId, emoji);
  }

  function remove(kept: Kept, userId: string, emoji: string): void {
    const people = kept.reactions.get(emoji);
    if (people?.delete(userId) !== true) return;
    if (people.size === 0) kept.reactions.delete(emoji);
    news.reaction('MESSAGE_REACTION_REMOVE', kept, userId, emoji);
  }

  function meant({ params }: Call, ...needed: readonly Permission[]): { kept: Kept; emoji: string } {
    const { channel = '', message = '', emoji = '' } = params;
    botsChannel(world, channel, needed);
    if (!EMOJI.test(emoji)) throw new Refusal(400, 10014, 'Unknown Emoji');
    return { kept: messages.find(channel, message), emoji };
  }

  const path = '/channels/:channel/messages/:message/reactions/:emoji';
  const routes: readonly Route[] = [
    {
      method: 'PUT',
      path: `${path}/@me`,
      handle: (call) => {
        const { kept, emoji } = meant(call, 'ReadMessageHistory');
        if (!kept.reactions.has(emoji)) meant(call, 'AddReactions');
        add(kept, world.botId, emoji);
        return {};
      },
    },
    {
      method: 'DELETE',
      path: `${path}/@me`,
      handle: (call) => {
        const { kept, emoji } = meant(call);
        remove(kept, world.botId, emoji);
        return {};
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:user`,
      handle: (call) => {
        const { kept, emoji } = meant(call, 'ManageMessages');
        remove(kept, call.params.user ?? '', emoji);
        return {};
      },
    },
    {
      method: 'GET',
      path,
      handle: (call) => {
        const { kept, emoji } = meant(call);
        const people = [...(kept.reactions.get(emoji) ?? [])];
        return { body: people.flatMap((id) => world.users.get(id)?.api ?? []) };
      },
    },
  ];
  return { add, remove, routes };
}
