import { expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { type Json, listAt } from './peer/json.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it('previews are uploaded once for a workspace, however many bots and people want them', async () => {
  const house = await open();
  await house.startBot();
  const { peer, hint } = house;
  const channel = await peer.channel();
  const people = await Promise.all(Array.from({ length: 6 }, () => peer.user()));
  const asked = await Promise.all(people.map((person) => person.slash(channel, '/impasto', 'styles')));
  for (const each of asked) expect(peer.picturesOf(await hint(each))).toHaveLength(2);
  expect(peer.calls('files.getUploadURLExternal')).toHaveLength(2);
  peer.check();
});

it('a preview whose upload was broken off is not uploaded again', async () => {
  const { peer, hint } = await open({ clocks: { fileReadyMs: 4_000 } });
  const channel = await peer.channel();
  const ada = await peer.user();
  const styles = async () => hint(await ada.slash(channel, '/impasto', 'styles'));
  expect(peer.picturesOf(await styles())).toHaveLength(0);
  for (const { answer } of peer.calls('files.completeUploadExternal')) {
    for (const [, id = ''] of JSON.stringify(answer).matchAll(/"id":"(F\w+)"/g)) peer.ready(id);
  }
  const asked = await ada.slash(channel, '/impasto', 'styles');
  await eventually(() => peer.ephemerals(channel, ada).some((each) => peer.picturesOf(each).length === 2));
  expect(asked.error).toBeUndefined();
  expect(peer.calls('files.getUploadURLExternal')).toHaveLength(2);
  peer.check();
});

const images = (blocks: readonly Json[]) => blocks.filter(({ type }) => type === 'image');

it('the home shows styles with previews, what to do, recent pictures and privacy', async () => {
  const { peer, answer } = await open();
  const ada = await peer.user();
  const channel = await peer.channel();
  await answer(
    await ada.mention(channel, 'stylize starry-night', { files: [{ name: 'a.jpg', bytes: await photo() }] }),
  );
  await ada.openHome();
  const home = await eventually(() => peer.home(ada));
  const blocks = listAt(home.json, 'blocks');
  expect(images(blocks)).toHaveLength(3);
  const text = JSON.stringify(blocks);
  for (const words of ['starry-night', 'great-wave', 'Your recent pictures', '1 hour', '/impasto forget']) {
    expect(text).toContain(words);
  }
  peer.check();
});

it('previews are uploaded once for a workspace', async () => {
  const house = await open();
  const { peer } = house;
  const [ada, bob] = [await peer.user(), await peer.user()];
  await ada.openHome();
  await eventually(() => peer.home(ada));
  await house.stopBot();
  await house.startBot();
  await bob.openHome();
  const home = await eventually(() => peer.home(bob));
  expect(images(listAt(home.json, 'blocks'))).toHaveLength(2);
  expect(peer.calls('files.completeUploadExternal')).toHaveLength(2);
  peer.check();
});

it('/impasto styles is a gallery for whoever asks, and /impasto help says what to do', async () => {
  const { peer, hint } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  const gallery = await hint(await ada.slash(channel, '/impasto', 'styles'));
  expect(images(gallery.blocks)).toHaveLength(2);
  expect(gallery.text).toContain('The Great Wave');
  const other = await peer.channel();
  const help = await hint(await ada.slash(other, '/impasto', ''));
  for (const words of [
    '/stylize',
    '/upscale',
    '/impasto styles',
    '/impasto queue',
    '🌌',
    'no network learns',
  ]) {
    expect(help.text).toContain(words);
  }
  peer.check();
});

it('the picker shows the preview of the style that is chosen', async () => {
  const { peer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  await ada.slash(channel, '/stylize', '');
  const before = await eventually(() => {
    const modal = peer.modals(ada).at(-1);
    return modal !== undefined && images(listAt(modal.json, 'blocks')).length === 1 ? modal : undefined;
  });
  expect(JSON.stringify(images(listAt(before.json, 'blocks')))).toContain('starry-night');
  await ada.choose(before, 'impasto.look', 'great-wave');
  await eventually(() =>
    JSON.stringify(images(listAt(peer.modal(ada).json, 'blocks'))).includes('great-wave'),
  );
  peer.check();
});

it('previews that were deleted in the workspace spoil nothing, and come back', async () => {
  const { peer, hint } = await open();
  const ada = await peer.user();
  const gallery = async () => {
    const channel = await peer.channel();
    return images((await hint(await ada.slash(channel, '/impasto', 'styles'))).blocks);
  };
  expect(await gallery()).toHaveLength(2);
  const deletePreviews = async () => {
    for (const { answer } of peer.calls('files.completeUploadExternal')) {
      const [{ id } = { id: '' }] = listAt(answer ?? {}, 'files');
      await fetch(new URL('files.delete', peer.settings.slackApiUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${peer.settings.botToken}` },
        body: new URLSearchParams({ file: String(id) }),
      });
    }
  };
  await deletePreviews();
  expect(await gallery()).toHaveLength(0);
  expect(await gallery()).toHaveLength(2);
  await deletePreviews();
  await ada.slash(await peer.channel(), '/stylize', '');
  await eventually(() => images(listAt(peer.modals(ada).at(-1)?.json ?? {}, 'blocks')).length === 1);
  peer.check();
});
