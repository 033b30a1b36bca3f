import type { DiscordPeer } from './peer/api.ts';
import type { Person } from './peer/people.ts';
import type { PeerChannel, PeerGuild } from './peer/places.ts';

/** A server with a channel and three people. */
export interface Company {
  readonly studio: PeerGuild;
  readonly general: PeerChannel;
  readonly ada: Person;
  readonly bob: Person;
  /** May manage the server and its messages. */
  readonly mia: Person;
  /** Ada's. */
  readonly avatar: Buffer;
}

/** Let a new company come together. @param avatar Ada's */
export async function gather(peer: DiscordPeer, avatar: Buffer): Promise<Company> {
  const studio = await peer.guild('studio');
  const general = await studio.channel('general');
  const ada = await peer.user('ada', { avatar });
  const bob = await peer.user('bob');
  const mia = await peer.user('mia');
  for (const person of [ada, bob]) await studio.join(person);
  await studio.join(mia, { permissions: ['ManageGuild', 'ManageMessages'] });
  return { studio, general, ada, bob, mia, avatar };
}
