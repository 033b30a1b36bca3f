import { expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it('/impasto queue tells what is ahead and what is mine, and cancels mine', async () => {
  const { peer, hint } = await open({ idle: true });
  const channel = await peer.channel();
  const [ada, bob] = [await peer.user(), await peer.user()];
  const ask = async (person: typeof ada, red: number) => {
    const files = [{ name: 'a.jpg', bytes: await photo(red) }];
    const asked = await person.mention(channel, 'stylize starry-night', { files });
    await eventually(() => peer.answers(asked).find(({ text }) => text.startsWith('In line')));
    return asked;
  };
  await ask(bob, 10);
  const mine = await ask(ada, 100);
  const list = await hint(await ada.slash(channel, '/impasto', 'queue'));
  expect(list.text).toContain('2 pictures in line');
  expect(list.text).toContain('starry-night');
  const [, cancel = ''] = /"(impasto\.cancel\.[0-9a-f-]+)"/.exec(JSON.stringify(list.blocks)) ?? [];
  const pressed = await ada.press(list, cancel);
  await eventually(() => peer.answers(mine).find(({ text }) => text === 'Cancelled.'));
  expect((await hint(pressed)).ephemeralTo).toBe(ada.id);
  peer.check();
});

it('an impatient person who asks twice is told that it is on its way, and gets one answer', async () => {
  const { peer, answer, hint, startWorker, made } = await open({ idle: true });
  const channel = await peer.channel();
  const ada = await peer.user();
  await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const first = await ada.slash(channel, '/stylize', 'starry-night');
  await eventually(() => peer.answers(first).length === 1);
  const second = await ada.slash(channel, '/stylize', 'starry-night');
  expect((await hint(second)).text).toContain('already on its way');
  startWorker();
  await answer(first);
  expect(made()).toBe(1);
  peer.check();
});

it('an older post and a newer one are two wishes', async () => {
  const { peer, startWorker, made } = await open({ idle: true });
  const channel = await peer.channel();
  const ada = await peer.user();
  for (const red of [10, 200]) {
    await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo(red) }] });
    const asked = await ada.slash(channel, '/stylize', 'starry-night');
    await eventually(() => peer.answers(asked).some(({ text }) => text.startsWith('In line')));
  }
  startWorker();
  await eventually(() => made() === 2);
  peer.check();
});
