import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Delivery } from '../bots/slack/peer/deliveries.ts';
import type { SeenMessage } from '../bots/slack/peer/ledger.ts';
import type { Person, Said } from '../bots/slack/peer/person.ts';
import type { SlackPeer } from '../bots/slack/peer/slack-peer.ts';
import type { Channel } from '../bots/slack/peer/workspace.ts';
import { isOpen } from '../bots/slack/reading.ts';
import { lineAt } from './discord-side.ts';
import type { Ask, Side } from './side.ts';

interface Line {
  readonly person: Person;
  readonly other: Person;
  readonly channel: Channel;
}

/** What the bot is to acknowledge; that a file was shared is told beside it. */
const WISHES = ['app_mention', 'reaction_added'];

/**
 * A workspace with `lines` people who mention the bot with a picture, or put an emoji on one.
 * @param emojis of the styles, by their names
 */
export async function openSlackSide(
  peer: SlackPeer,
  lines: number,
  emojis: ReadonlyMap<string, string>,
): Promise<Side> {
  const all: Line[] = [];
  const emojiOf = (style: string): string => slackName(emojis.get(style) ?? '');
  for (let nth = 0; nth < lines; nth++) {
    all.push({ person: await peer.user(), other: await peer.user(), channel: await peer.channel() });
  }
  return {
    ask: async (line, { nth, how, style, impatient }, bytes) => {
      const { person, other, channel } = lineAt(all, line);
      const files = [{ name: `photo${nth}.jpg`, bytes }];
      if (how === 'command') return toAsk(peer, await person.mention(channel, `stylize ${style}`, { files }));
      const { message } = await person.post(channel, '', { files });
      const said = await person.react(message, emojiOf(style));
      const more = impatient ? [await other.react(message, emojiOf(style))] : [];
      return toAsk(peer, said, more);
    },
    prepare: async (line, { nth, style }, bytes) => {
      const { person, channel } = lineAt(all, line);
      const { message, delivered } = await person.post(channel, '', {
        files: [{ name: `photo${nth}.jpg`, bytes }],
      });
      await delivered;
      return async () => toAsk(peer, await person.mention(channel, `stylize ${style}`, { thread: message }));
    },
    shown: () =>
      all.flatMap(({ channel }) =>
        peer
          .messages(channel)
          .filter(({ byBot }) => byBot)
          .flatMap((message) =>
            peer.picturesOf(message).map((bytes) => ({ where: `Slack’s message ${message.ts}`, bytes })),
          ),
      ),
    problems: peer.problems,
    close: () => peer.close(),
  };
}

const listed = z.array(z.object({ unified: z.string(), short_name: z.string() }));

/** By what name Slack calls an emoji. @throws Error where it has none */
export function slackName(emoji: string): string {
  const all = listed.parse(createRequire(import.meta.url)('emoji-datasource/emoji.json'));
  const unified = [...emoji].map((each) => each.codePointAt(0)?.toString(16).toUpperCase()).join('-');
  const found = all.find((one) => one.unified === unified);
  if (found === undefined) throw new Error(`Slack has no name for ${emoji}`);
  return found.short_name;
}

/** @param more wishes for the same by others */
function toAsk(peer: SlackPeer, said: Said, more: readonly Said[] = []): Ask {
  const wishes = async (): Promise<readonly Delivery[]> => {
    const all = (await Promise.all([said, ...more].map(({ delivered }) => delivered))).flat();
    return all.filter(({ payload }) => WISHES.includes(typeOf(payload)));
  };
  const thread = said.message.threadTs ?? said.message.ts;
  // What they alone are told of another question stands in that one's thread.
  const answers = (): readonly SeenMessage[] =>
    peer.answers(said).filter(({ threadTs }) => threadTs === undefined || threadTs === thread);
  const painted = (): readonly SeenMessage[] =>
    answers().filter((message) => peer.picturesOf(message).length > 0);
  return {
    acknowledged: wishes().then((all) => all.some(({ acked }) => acked)),
    standing: () => {
      if (painted().length > 0) return 'painted';
      const forAll = answers().filter(({ ephemeralTo }) => ephemeralTo === undefined);
      if (forAll.some(isOpen)) return 'open';
      if (forAll.length > 0) return 'failed';
      return answers().length > 0 ? 'refused' : 'silent';
    },
    words: () =>
      answers()
        .map(({ text }) => text)
        .join(' | '),
    paintings: () => painted().length,
    paintedAt: () => {
      const times = painted()
        .flatMap(({ edits }) => edits.filter(({ blocks }) => JSON.stringify(blocks).includes('slack_file')))
        .map(({ at }) => at);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    again: async () => {
      for (const delivery of await wishes()) await peer.redeliver(delivery);
    },
  };
}

function typeOf({ event }: Delivery['payload']): string {
  return typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : '';
}
