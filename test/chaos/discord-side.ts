import type { DiscordPeer } from '../bots/discord/peer/api.ts';
import type { Asked, Posted } from '../bots/discord/peer/asked.ts';
import type { Person } from '../bots/discord/peer/people.ts';
import type { PeerChannel } from '../bots/discord/peer/places.ts';
import type { Ask, Side, Standing } from './side.ts';

/** A person in a channel of their own. */
interface Line {
  readonly person: Person;
  readonly channel: PeerChannel;
}

/** A server with `lines` people who use slash commands with attachments. */
export async function openDiscordSide(peer: DiscordPeer, lines: number): Promise<Side> {
  const studio = await peer.guild('studio');
  const all: Line[] = [];
  for (let nth = 0; nth < lines; nth++) {
    const person = await peer.user(`person${nth}`);
    await studio.join(person);
    all.push({ person, channel: await studio.channel(`channel${nth}`) });
  }
  const ask: Side['ask'] = async (line, { nth, style }, bytes) => {
    const { person, channel } = lineAt(all, line);
    const picture = { name: `photo${nth}.jpg`, bytes };
    return toAsk(peer, await person.slash(channel, 'stylize', { style, picture }));
  };
  return {
    ask,
    prepare: async (line, request, photo) => () => ask(line, request, photo),
    shown: () =>
      all.flatMap(({ channel }) =>
        peer
          .messages(channel)
          .filter(({ authorId }) => authorId === peer.botId)
          .flatMap(({ id, files }) =>
            files.map(({ bytes }) => ({ where: `Discord’s message ${id}`, bytes })),
          ),
      ),
    problems: peer.problems,
    close: () => peer.close(),
  };
}

export function lineAt<T>(all: readonly T[], line: number): T {
  const found = all[line % all.length];
  if (found === undefined) throw new Error('nobody stands in line');
  return found;
}

function toAsk(peer: DiscordPeer, asked: Asked): Ask {
  const acknowledged = asked.acknowledged().then(
    () => true,
    () => false,
  );
  return {
    acknowledged,
    standing: () => standingOf(asked.answers()),
    words: () =>
      asked
        .answers()
        .map(({ content }) => content)
        .join(' | '),
    paintings: () => asked.answers().filter(({ files }) => files.length > 0).length,
    paintedAt: () => {
      const times = asked
        .answers()
        .flatMap(({ editions }) => editions.filter(({ attachments }) => attachments.length > 0))
        .map(({ at }) => at);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    // Others may have asked since: then it is theirs that comes again.
    again: async () => peer.redeliver('INTERACTION_CREATE'),
  };
}

function standingOf(answers: readonly Posted[]): Standing {
  if (answers.some(({ files }) => files.length > 0)) return 'painted';
  if (answers.some(isOpen)) return 'open';
  if (answers.some(({ ephemeral }) => !ephemeral)) return 'failed';
  return answers.length > 0 ? 'refused' : 'silent';
}

/** It says “thinking…”, or can be cancelled. */
function isOpen({ loading, controls }: Posted): boolean {
  return loading || controls.some(({ label }) => label === 'Cancel');
}
