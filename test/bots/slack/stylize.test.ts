import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { photo } from '../playground/support.ts';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

describe.each(['socket', 'http'] as const)('stylize over %s', (mode) => {
  it('paints the photo of a mention, in one message in its thread', async () => {
    const { peer, answer } = await open({ mode });
    const channel = await peer.channel();
    const ada = await peer.user();
    const asked = await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'cat.jpg', bytes: await photo() }],
    });
    const answered = await answer(asked);
    expect(answered.threadTs).toBe(asked.message.ts);
    expect(answered.text).toContain('The Starry Night, Vincent van Gogh, 1889');
    const [picture] = peer.picturesOf(answered);
    const { width, height, format } = await sharp(picture).metadata();
    expect([width, height, format]).toEqual([24, 16, 'png']);
    peer.check();
  });
});
