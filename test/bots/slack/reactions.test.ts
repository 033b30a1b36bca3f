import { expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it('an emoji on a picture paints it, in the thread of its message', async () => {
  const { peer, answer } = await open({ mode: 'http' });
  const channel = await peer.channel();
  const ada = await peer.user();
  const bob = await peer.user();
  const posted = await ada.post(channel, 'boats', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const asked = await bob.react(posted.message, 'milky_way');
  const answered = await answer(asked);
  expect(answered.threadTs).toBe(posted.message.ts);
  expect(answered.text).toContain('The Starry Night');
  expect(peer.picturesOf(answered)).toHaveLength(1);
  peer.check();
});

it('the same emoji from ten people makes one picture, also after it was painted', async () => {
  const { peer, answer, made } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const people = await Promise.all(Array.from({ length: 10 }, () => peer.user()));
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const [first, ...others] = people;
  if (first === undefined) throw new Error('nobody');
  const asked = await first.react(posted.message, 'milky_way');
  for (const person of others.slice(0, 6)) await (await person.react(posted.message, 'milky_way')).delivered;
  await answer(asked);
  for (const person of others.slice(6)) await (await person.react(posted.message, 'milky_way')).delivered;
  await answer(asked);
  expect(made()).toBe(1);
  peer.check();
});

it('🔍 enlarges; a skin tone makes no difference to an emoji that has none', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const answered = await answer(await ada.react(posted.message, 'mag'));
  expect(answered.text).toContain('96 × 64');
  peer.check();
});

it('says nothing of an emoji on words, and of one that stands for nothing', async () => {
  const { peer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const words = await ada.post(channel, 'no picture here');
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  await (await ada.react(words.message, 'milky_way')).delivered;
  await (await ada.react(posted.message, 'thumbsup')).delivered;
  await eventually(() => peer.calls('conversations.replies').length >= 1);
  await peer.idle();
  expect(peer.calls('chat.postMessage')).toEqual([]);
  expect(peer.calls('chat.postEphemeral')).toEqual([]);
  peer.check();
});

it('the bot’s own pictures can be painted too, and stay in their thread', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const asked = await ada.mention(channel, 'stylize starry-night', {
    files: [{ name: 'a.jpg', bytes: await photo() }],
  });
  const first = await answer(asked);
  const again = await ada.react(first, 'ocean');
  const second = await eventually(() =>
    peer.answers(again).find(({ text }) => text.includes('The Great Wave')),
  );
  expect(second.threadTs).toBe(asked.message.ts);
  expect(peer.picturesOf(second)).toHaveLength(1);
  peer.check();
});

it('❌ by whoever asked takes the answer away, and by nobody else but those who manage the workspace', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const bob = await peer.user();
  const admin = await peer.user({ admin: true });
  const photos = [{ name: 'a.jpg', bytes: await photo() }];
  const first = await answer(await ada.mention(channel, 'stylize starry-night', { files: photos }));
  await (await bob.react(first, 'x')).delivered;
  await eventually(() => peer.calls('conversations.replies').length >= 1);
  expect(peer.now(first).deletedAt).toBeUndefined();
  await ada.react(first, 'x');
  await eventually(() => peer.now(first).deletedAt !== undefined);
  const second = await answer(await ada.mention(channel, 'stylize starry-night', { files: photos }));
  await admin.react(second, 'x');
  await eventually(() => peer.now(second).deletedAt !== undefined);
  peer.check();
});

it('the same emoji paints again once its answer was taken away', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const first = await answer(await ada.react(posted.message, 'milky_way'));
  await ada.react(first, 'x');
  await eventually(() => peer.now(first).deletedAt !== undefined);
  await ada.unreact(posted.message, 'milky_way');
  const second = await answer(await ada.react(posted.message, 'milky_way'));
  expect(second.ts).not.toBe(first.ts);
  peer.check();
});

it('an emoji that came to nothing works when it is put there again, and not when its event comes again', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const [ada, bob] = [await peer.user(), await peer.user()];
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  peer.fault.always('files.download', { html: true });
  const asked = await ada.react(posted.message, 'milky_way');
  const failed = await answer(asked);
  expect(failed.text).toContain('files:read');
  peer.fault.clear();
  const [delivery] = await asked.delivered;
  if (delivery === undefined) throw new Error('no event');
  await peer.redeliver(delivery);
  await peer.idle();
  expect(peer.messages(channel).filter(({ byBot }) => byBot)).toHaveLength(1);
  const again = await bob.react(posted.message, 'milky_way');
  const second = await eventually(() =>
    peer.answers(again).find(({ text }) => text.includes('The Starry Night')),
  );
  expect(peer.picturesOf(second)).toHaveLength(1);
  peer.check();
});
