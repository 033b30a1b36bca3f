import sharp from 'sharp';
import { expect, it } from 'vitest';
import { useSlackHouses } from './support.ts';

const open = useSlackHouses();

/** Noise, which no format makes small. */
async function noise(edge: number): Promise<Buffer> {
  let state = 1;
  const raw = Buffer.from(
    Array.from({ length: edge * edge * 3 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
  return sharp(raw, { raw: { width: edge, height: edge, channels: 3 } })
    .png()
    .toBuffer();
}

/** Colours that run into each other, with a little noise, and the less to be seen the further to the left. */
async function shaded(edge: number): Promise<Buffer> {
  let state = 1;
  const grain = (value: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.min(255, value + (state >>> 29));
  };
  const raw = Array.from({ length: edge * edge }, (_, at) => {
    const [x, y] = [at % edge, Math.floor(at / edge)];
    return [grain(x + y / 2), grain(255 - x), grain(y + 40), 60 + x];
  });
  return sharp(Buffer.from(raw.flat()), { raw: { width: edge, height: edge, channels: 4 } })
    .png()
    .toBuffer();
}

it('a result that is too large is sent as a JPEG, and says so', async () => {
  const { peer, answer } = await open({ resultBytes: 60_000 });
  const channel = await peer.channel();
  const ada = await peer.user();
  const answered = await answer(
    await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'a.png', bytes: await noise(160) }],
    }),
  );
  const [picture] = peer.picturesOf(answered);
  expect(picture?.byteLength).toBeLessThanOrEqual(60_000);
  expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 160, height: 160 });
  expect(answered.text).toContain('JPEG');
  peer.check();
});

it('one that does not fit at all is a link where there are links', async () => {
  const { peer, answer } = await open({ resultBytes: 2_000, publicUrl: 'https://pictures.example.com' });
  const channel = await peer.channel();
  const ada = await peer.user();
  const answered = await answer(
    await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'a.png', bytes: await noise(160) }],
    }),
  );
  expect(peer.picturesOf(answered)).toEqual([]);
  expect(answered.text).toMatch(/<https:\/\/pictures\.example\.com\/pictures\/[\w.-]+>/);
  peer.check();
});

it('and a sentence where there are none', async () => {
  const { peer, answer } = await open({ resultBytes: 2_000 });
  const channel = await peer.channel();
  const ada = await peer.user();
  const answered = await answer(
    await ada.mention(channel, 'stylize starry-night', {
      files: [{ name: 'a.png', bytes: await noise(160) }],
    }),
  );
  expect(answered.text).toContain('too large for this place');
  peer.check();
});

it.each([
  [50_000, { format: 'png', hasAlpha: true }, 'fewer colors'],
  [7_000, { format: 'jpeg', hasAlpha: false }, 'white where it was transparent'],
])(
  'one with alpha that may take %i bytes is a picture all the same, and says so',
  async (resultBytes, format, words) => {
    const { peer, answer } = await open({ resultBytes });
    const channel = await peer.channel();
    const ada = await peer.user();
    const answered = await answer(
      await ada.mention(channel, 'stylize starry-night', {
        files: [{ name: 'a.png', bytes: await shaded(160) }],
      }),
    );
    const [picture] = peer.picturesOf(answered);
    expect(picture?.byteLength).toBeLessThanOrEqual(resultBytes);
    expect(await sharp(picture).metadata()).toMatchObject({ ...format, width: 160, height: 160 });
    expect(answered.text).toContain(words);
    peer.check();
  },
);
