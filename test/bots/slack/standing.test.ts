import { expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { element } from './reading.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it('refused emojis end nothing, however much there is to do', async () => {
  const { peer, answer } = await open({ limits: { personPerHour: 1 } });
  const channel = await peer.channel();
  const files = [{ name: 'a.jpg', bytes: await photo() }];
  const people = await Promise.all(Array.from({ length: 18 }, () => peer.user()));
  const [ada] = people;
  if (ada === undefined) throw new Error('nobody');
  await answer(await ada.mention(channel, 'stylize starry-night', { files }));
  const posted = await ada.post(channel, '', { files });
  peer.fault.times('conversations.history', 20, { delayMs: 400 });
  const busy = people.map((person) => person.slash(channel, '/stylize', 'starry-night'));
  const refused = await ada.react(posted.message, 'ocean');
  await Promise.all(busy);
  const hint = await eventually(() => peer.answers(refused).find(({ ephemeralTo }) => ephemeralTo));
  expect(hint.text).toContain('1 picture');
  const again = await people[1]?.slash(channel, '/impasto', 'help');
  expect(again?.error).toBeUndefined();
});

it('whoever asked may delete their picture, and its file, also after all is forgotten', async () => {
  const { peer, answer, hint } = await open();
  const channel = await peer.channel();
  const [ada, bob] = [await peer.user(), await peer.user()];
  await bob.post(channel, 'I am here, too');
  const files = [{ name: 'a.jpg', bytes: await photo() }];
  const first = await answer(await ada.mention(channel, 'stylize starry-night', { files }));
  await ada.press(first, element(first, 'delete'));
  await eventually(() => peer.now(first).deletedAt !== undefined);
  await eventually(() => peer.calls('files.delete').length === 1);
  const second = await answer(await ada.mention(channel, 'stylize great-wave', { files }));
  await hint(await ada.slash(channel, '/impasto', 'forget'));
  await bob.press(second, element(second, 'delete'));
  await peer.idle();
  expect(peer.now(second).deletedAt).toBeUndefined();
  await ada.press(second, element(second, 'delete'));
  await eventually(() => peer.now(second).deletedAt !== undefined);
  peer.check();
});

it('an emoji on what was deleted makes one picture, however many put it there', async () => {
  const { peer, answer, made } = await open();
  const channel = await peer.channel();
  const people = await Promise.all(Array.from({ length: 5 }, () => peer.user()));
  const [ada, ...others] = people;
  if (ada === undefined) throw new Error('nobody');
  const posted = await ada.post(channel, '', { files: [{ name: 'a.jpg', bytes: await photo() }] });
  const first = await answer(await ada.react(posted.message, 'milky_way'));
  await ada.react(first, 'x');
  await eventually(() => peer.now(first).deletedAt !== undefined);
  for (const person of others) await (await person.react(posted.message, 'milky_way')).delivered;
  await peer.idle();
  const standing = (): number =>
    peer.messages(channel).filter(({ byBot, deletedAt }) => byBot && deletedAt === undefined).length;
  await eventually(() => standing() > 0);
  await peer.idle();
  expect(standing()).toBe(1);
  expect(made()).toBe(1);
  peer.check();
});

it('❌ on what others wrote costs no call', async () => {
  const { peer } = await open();
  const channel = await peer.channel();
  const [ada, bob] = [await peer.user(), await peer.user()];
  const poll = await ada.post(channel, 'Who comes?');
  await (await bob.react(poll.message, 'x')).delivered;
  await peer.idle();
  expect(peer.calls('conversations.replies')).toEqual([]);
});

it('a picture that Slack is not ready to show is shown a little later', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  peer.fault.times('chat.update', 2, { error: 'invalid_blocks' });
  const asked = await ada.mention(channel, 'stylize starry-night', {
    files: [{ name: 'a.jpg', bytes: await photo() }],
  });
  expect(peer.picturesOf(await answer(asked))).toHaveLength(1);
  expect(peer.calls('files.completeUploadExternal')).toHaveLength(1);
});

it.each([
  [undefined, 'takes no more files'],
  ['https://pictures.example.com', 'https://pictures.example.com/pictures/'],
])(
  'of a workspace that takes no files, with an address for links %s, one reads “%s”',
  async (publicUrl, words) => {
    const { peer, answer } = await open(publicUrl === undefined ? {} : { publicUrl });
    const channel = await peer.channel();
    const ada = await peer.user();
    peer.fault.always('files.getUploadURLExternal', { error: 'file_uploads_disabled' });
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'a.jpg', bytes: await photo() }],
    });
    expect((await answer(asked)).text).toContain(words);
  },
);

it.each([
  ['views.publish', 'openHome'],
  ['views.open', 'modal'],
  ['files.getUploadURLExternal', 'styles'],
] as const)('a slow %s holds nobody else up', async (method, slow) => {
  const { peer } = await open({ idle: true });
  const channel = await peer.channel();
  const people = await Promise.all(Array.from({ length: 20 }, () => peer.user()));
  const ada = await peer.user();
  peer.fault.always(method, { delayMs: 2_500 });
  const busy = people.map(async (person) => {
    if (slow === 'openHome') return await person.openHome();
    if (slow === 'modal') return await person.slash(channel, '/stylize');
    return await person.slash(channel, '/impasto', 'styles');
  });
  await eventually(() => peer.calls(method).length > 0);
  const asked = await ada.mention(await peer.channel(), 'stylize starry-night', {
    files: [{ name: 'a.jpg', bytes: await photo() }],
  });
  await eventually(() => peer.answers(asked).length === 1);
  expect(peer.calls(method).filter(({ status }) => status !== undefined)).toEqual([]);
  await Promise.all(busy);
  peer.fault.clear();
});
