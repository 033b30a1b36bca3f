import fc from 'fast-check';
import { expect, it } from 'vitest';
import { photo } from '../bots/discord/pictures.ts';
import { painted } from '../bots/discord/reading.ts';
import { type DiscordHouse, useDiscord } from '../bots/discord/support.ts';
import type { LogLine } from '../queue/support.ts';
import { holds } from './holds.ts';
import { type Json, jsonDamage, spoilJson } from './json.ts';

const house = useDiscord();

/** What the gateway sends as Discord makes it, for what people do. */
async function soundEvents({
  peer,
  general,
  ada,
}: DiscordHouse): Promise<readonly { event: string; data: Json }[]> {
  const before = peer.brought().length;
  const picture = { name: 'a.png', bytes: await photo(10) };
  const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
  const done = await asked.answer(({ files }) => files.length > 0);
  await ada.press(done, 'Delete');
  await ada.slash(general, 'help');
  await ada.autocomplete(general, 'stylize', { style: 'star' }, 'style');
  const post = await ada.post(general, { files: [picture] });
  await ada.messageCommand('Stylize…', post);
  ada.react(post, '🌊');
  return peer
    .brought()
    .slice(before)
    .filter(({ event }) => event === 'INTERACTION_CREATE' || event.startsWith('MESSAGE_'))
    .map(({ event, data }) => ({ event, data: JSON.parse(JSON.stringify(data)) }));
}

it('an interaction that the library can’t read does not end the process', async () => {
  const { peer, general, ada, log } = house();
  await (await ada.slash(general, 'help')).acknowledged();
  const [help] = peer.brought().filter(({ event }) => event === 'INTERACTION_CREATE');
  const before = log.length;
  for (const wrong of [
    { app_permissions: '-1' },
    { member: null, user: null },
    { data: { options: {} } },
    { type: 'x' },
  ]) {
    peer.bring('INTERACTION_CREATE', { ...Object(help?.data), id: '1', ...wrong });
  }
  const climbing = { user_id: ada.id, channel_id: general.id, message_id: '../..', emoji: { name: '🌊' } };
  for (const wrong of [null, 7, 'x', {}, { emoji: {} }, climbing]) peer.bring('MESSAGE_REACTION_ADD', wrong);
  await (await ada.slash(general, 'help')).acknowledged();
  expect(log.slice(before).filter(({ level }) => level === 'error')).toEqual([]);
});

const spoilt = fc.record({ event: fc.nat(1000), damage: fc.array(jsonDamage, { maxLength: 3 }) });

/**
 * That Discord refuses an id or a token that it has sent itself, or tells of a command otherwise than it was registered, is
 * for whoever runs the program to hear of.
 */
function isFault({ level, facts }: LogLine): boolean {
  return level === 'error' && !/"code":"(discord-|CommandInteractionOption)/.test(JSON.stringify(facts));
}

it('a spoilt event of the gateway is passed over or answered in a sentence, and the bot stays up', async () => {
  const { peer, general, ada, log } = house();
  const sound = await soundEvents(house());
  const seen = log.length;
  await holds(
    fc.asyncProperty(spoilt, async ({ event: index, damage }) => {
      const before = log.length;
      const chosen = sound[index % sound.length];
      if (chosen === undefined) throw new RangeError('nothing was sent');
      peer.bring(chosen.event, spoilJson(chosen.data, damage));
      const afterwards = await ada.slash(general, 'help');
      await afterwards.acknowledged();
      expect(log.slice(before).filter(isFault)).toEqual([]);
    }),
    60,
  );
  const studio = await house().studio.channel('later');
  const picture = { name: 'b.png', bytes: await photo(90) };
  await ada.slash(studio, 'stylize', { style: 'starry-night', picture });
  expect((await painted(peer, studio, 60_000)).files).toHaveLength(1);
  expect(log.slice(seen).filter(isFault)).toEqual([]);
});
