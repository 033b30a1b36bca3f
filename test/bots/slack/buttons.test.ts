import sharp from 'sharp';
import { expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { element, further } from './reading.ts';
import { type SlackHouse, useSlackHouses } from './support.ts';

const open = useSlackHouses();

async function painted({ peer, answer }: SlackHouse) {
  const channel = await peer.channel();
  const ada = await peer.user();
  const asked = await ada.mention(channel, 'stylize starry-night', {
    files: [{ name: 'cat.jpg', bytes: await photo() }],
  });
  return { channel, ada, asked, answered: await answer(asked) };
}

it('another style is painted from the same photo, in the same thread', async () => {
  const house = await open({ mode: 'http' });
  const { ada, asked, answered } = await painted(house);
  await ada.choose(answered, element(answered, 'restyle'), 'great-wave');
  const second = await further(house.peer, asked, answered);
  expect(second.text).toContain('The Great Wave');
  expect(second.threadTs).toBe(asked.message.ts);
  house.peer.check();
});

it('another strength is painted from the same photo', async () => {
  const house = await open();
  const { ada, asked, answered } = await painted(house);
  await ada.choose(answered, element(answered, 'strength'), '0.5');
  const second = await further(house.peer, asked, answered);
  const mean = async (picture: Uint8Array | undefined) =>
    (await sharp(picture).stats()).channels[2]?.mean ?? 0;
  expect(await mean(house.peer.picturesOf(second)[0])).toBeLessThan(
    await mean(house.peer.picturesOf(answered)[0]),
  );
  house.peer.check();
});

it('the result is enlarged, not the photo', async () => {
  const house = await open();
  const { ada, asked, answered } = await painted(house);
  await ada.choose(answered, element(answered, 'upscale'), 'x4');
  const second = await further(house.peer, asked, answered);
  expect(second.text).toContain('96 × 64');
  const [small, large] = [house.peer.picturesOf(answered)[0], house.peer.picturesOf(second)[0]];
  const mean = async (picture: Uint8Array | undefined) =>
    (await sharp(picture).stats()).channels[0]?.mean ?? 0;
  expect(Math.abs((await mean(small)) - (await mean(large)))).toBeLessThan(3);
  house.peer.check();
});

it('a double click makes one job and one answer', async () => {
  const house = await open();
  const { ada, asked, answered } = await painted(house);
  await house.stopWorker();
  const id = element(answered, 'restyle');
  await Promise.all([ada.choose(answered, id, 'great-wave'), ada.choose(answered, id, 'great-wave')]);
  await house.peer.idle();
  house.startWorker();
  await further(house.peer, asked, answered);
  await house.peer.idle();
  const shown = house.peer.answers(asked).filter(({ ephemeralTo }) => ephemeralTo === undefined);
  expect(shown).toHaveLength(2);
  expect(house.made()).toBe(2);
  house.peer.check();
});

it('delete is for whoever asked, or for those who manage the workspace, and asks back first', async () => {
  const house = await open();
  const { peer, hint } = house;
  const { answered, channel } = await painted(house);
  expect(JSON.stringify(answered.blocks)).toContain('"confirm"');
  const bob = await peer.user();
  await bob.post(channel, 'hello');
  const admin = await peer.user({ owner: true });
  const refused = await bob.press(answered, element(answered, 'delete'));
  expect((await hint(refused)).text).toContain(
    'Only the person who asked, or those who manage this workspace',
  );
  expect(peer.now(answered).deletedAt).toBeUndefined();
  await admin.press(answered, element(answered, 'delete'));
  await eventually(() => peer.now(answered).deletedAt !== undefined);
  peer.check();
});

it('cancel while it waits ends it, and only whoever asked may', async () => {
  const house = await open({ idle: true });
  const { peer, hint, answer } = house;
  const channel = await peer.channel();
  const ada = await peer.user();
  const bob = await peer.user();
  await bob.post(channel, 'hello');
  const asked = await ada.mention(channel, 'stylize starry-night', {
    files: [{ name: 'cat.jpg', bytes: await photo() }],
  });
  const waiting = await eventually(() => peer.answers(asked).find(({ text }) => text.startsWith('In line')));
  const refused = await bob.press(waiting, element(waiting, 'cancel'));
  expect((await hint(refused)).text).toContain('Only the person who asked can cancel');
  await ada.press(waiting, element(waiting, 'cancel'));
  const ended = await answer(asked);
  expect(ended.ts).toBe(waiting.ts);
  expect(ended.text).toBe('Cancelled.');
  house.startWorker();
  await peer.idle();
  expect(house.made()).toBe(0);
  peer.check();
});

it('a button below an answer whose pictures are forgotten says so', async () => {
  const house = await open();
  const { ada, channel, answered } = await painted(house);
  await house.hint(await ada.slash(channel, '/impasto', 'forget'));
  const pressed = await ada.choose(answered, element(answered, 'restyle'), 'great-wave');
  await eventually(() =>
    house.peer.ephemerals(channel, ada).find(({ text }) => text.includes('no longer stored')),
  );
  expect(pressed.error).toBeUndefined();
  house.peer.check();
});
