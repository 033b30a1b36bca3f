import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { answersTo, painted, settle } from '../../bots/discord/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, expectPainting } from '../pictures.ts';
import { answerOf, ask, useDiscordProgram } from './house.ts';

const program = useDiscordProgram({ links: true });

describe('care', () => {
  it('hides the painting of what was hidden, and tells what its photo showed and what was done', async () => {
    const { ada, general, peer } = program();
    const file = { name: 'secret.png', bytes: await boats(), spoiler: true, description: 'two boats' };
    ada.react(await ada.post(general, { files: [file] }), '🌌');
    const [painting] = (await painted(peer, general, LIMIT_MS)).files;
    expect(painting?.name).toMatch(/^SPOILER_/);
    expect(painting?.description).toMatch(/The Starry Night.*two boats|two boats.*The Starry Night/s);
  });

  it('leaves what comes from an age-restricted channel in such a one', async () => {
    const { ada, general, peer, studio } = program();
    const adults = await studio.channel('adults', { nsfw: true });
    const first = await ada.post(adults, { files: [{ name: 'a.png', bytes: await boats(1) }] });
    ada.react(await ada.post(general, { forward: first }), '🌌');
    const refused = await eventually(
      () => answersTo(peer, general).find(({ content }) => content.includes('age-restricted')),
      LIMIT_MS,
    );
    ada.react(first, '🌌');
    await painted(peer, adults, LIMIT_MS);
    await settle(program());
    expect(refused.files).toEqual([]);
    expect(answersTo(peer, general)).toHaveLength(1);
  });

  it('leaks no place that a photo was taken at', async () => {
    const { peer } = program();
    const bytes = await sharp(await boats(2))
      .jpeg()
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .toBuffer();
    expect((await sharp(bytes).metadata()).exif).toBeDefined();
    const done = await answerOf(await ask(program(), bytes));
    const painting = peer.bytesOf(done.files[0]);
    await expectPainting(painting, bytes);
    expect((await sharp(painting).metadata()).exif).toBeUndefined();
    expect(Buffer.from(painting).includes('Exif')).toBe(false);
  });
});

describe('a result that is too large for the place', () => {
  it('goes out smaller, of high quality, and says so', async () => {
    const { ada, general, peer } = program();
    const bytes = await boats(3, 480, 320);
    const whole = await answerOf(await ask(program(), bytes));
    const limit = Math.floor(peer.bytesOf(whole.files[0]).length * 0.7);
    const values = { style: 'starry-night', picture: { name: 'boats.png', bytes } };
    const done = await answerOf(await ada.slash(general, 'stylize', values, { uploadLimit: limit }));
    const sent = peer.bytesOf(done.files[0]);
    expect(sent.length).toBeLessThanOrEqual(limit);
    const { format } = await sharp(sent).metadata();
    expect(['jpeg', 'webp']).toContain(format);
    await expectPainting(sent, bytes, format);
    expect(done.content).toMatch(/JPEG|WebP/);
  });

  it('is a link that serves it, and no other', async () => {
    const { ada, general } = program();
    const bytes = await boats(4, 480, 320);
    const values = { style: 'starry-night', picture: { name: 'boats.png', bytes } };
    const asked = await ada.slash(general, 'stylize', values, { uploadLimit: 1_000 });
    const done = await answerOf(asked, ({ content }) => content.includes('/pictures/'));
    expect(done.files).toEqual([]);
    expect(done.content).toMatch(/<t:\d+:t>/);
    const [address = ''] = /http:\/\/127\.0\.0\.1:\d+\/pictures\/[\w.-]+/.exec(done.content) ?? [];
    const served = await fetch(address);
    expect(served.status).toBe(200);
    await expectPainting(new Uint8Array(await served.arrayBuffer()), bytes);
    expect((await fetch(address.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status).toBe(404);
  });
});
