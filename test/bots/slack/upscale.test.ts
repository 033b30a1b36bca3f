import sharp from 'sharp';
import { expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { photo } from '../playground/support.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

it.each([
  ['x4', 4],
  ['x8', 8],
])('/upscale %s makes the channel’s latest picture larger and states both sizes', async (name, factor) => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  await ada.post(channel, '', { files: [{ name: 'meme.jpg', bytes: await photo() }] });
  const answered = await answer(await ada.slash(channel, '/upscale', name));
  const [picture] = peer.picturesOf(answered);
  expect(await sharp(picture).metadata()).toMatchObject({ width: 24 * factor, height: 16 * factor });
  expect(answered.text).toContain('24 × 16');
  expect(answered.text).toContain(`${24 * factor} × ${16 * factor}`);
  peer.check();
});

it('asks for a picture where there is none, with the factor that was named', async () => {
  const { peer, answer } = await open();
  const channel = await peer.channel();
  const ada = await peer.user();
  await ada.slash(channel, '/upscale', 'x8');
  const modal = await eventually(() => peer.modals(ada).at(-1));
  const sent = await ada.submitView(modal, { picture: [{ name: 'meme.jpg', bytes: await photo() }] });
  const answered = await answer({ ...sent, channel: channel.id });
  expect(await sharp(peer.picturesOf(answered)[0]).metadata()).toMatchObject({ width: 192, height: 128 });
  peer.check();
});
