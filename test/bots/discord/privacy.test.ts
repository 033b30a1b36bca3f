import { describe, expect, it } from 'vitest';
import { paints, photo } from './pictures.ts';
import { useDiscord } from './support.ts';

const house = useDiscord();

describe('/impasto-forget', () => {
  it('deletes a person’s pictures now; another’s equal picture stays', async () => {
    const { ada, bob, general, peer } = house();
    const bytes = await photo();
    const picture = { name: 'boats.png', bytes };
    const answers = [];
    for (const person of [ada, bob]) {
      const asked = await person.slash(general, 'stylize', { style: 'starry-night', picture });
      answers.push(await asked.answer(({ files }) => files.length === 1));
    }
    const [hers, his] = answers;
    if (hers === undefined || his === undefined) throw new Error('both are answered');
    const forgot = await (await ada.slash(general, 'impasto-forget')).answer();
    expect(forgot.ephemeral).toBe(true);
    const gone = await ada.press(hers, 'Upscale');
    expect((await gone.answer(({ ephemeral }) => ephemeral)).content).toContain('no longer stored');
    const again = await bob.press(his, 'Other strength');
    const picker = await again.answer(({ controls }) => controls.length > 0);
    const chosen = await bob.select(picker, picker.controls[0]?.custom_id ?? '', ['0.5']);
    const done = await chosen.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
  });
});

describe('tokens', () => {
  it('are in Redis only encrypted, and in no log', async () => {
    const { ada, general, peer, log, stopWorker, startWorker, stored } = house();
    await stopWorker();
    const asked = await ada.slash(general, 'stylize', {
      style: 'starry-night',
      picture: { name: 'boats.png', bytes: await photo() },
    });
    await asked.answer(({ content }) => content.includes('In line'));
    const kept = await stored();
    expect(kept).toContain('starry-night');
    for (const secret of [asked.token, peer.token]) expect(kept).not.toContain(secret);
    peer.fault.times(8, 'PATCH /webhooks/:app/:token/messages/@original', { status: 500 });
    startWorker();
    await asked.answer(({ files }) => files.length === 1, 30_000);
    const told = log.map(({ facts, message }) => `${message} ${everythingIn(facts)}`).join('\n');
    expect(told).toContain('discord-away');
    for (const secret of [asked.token, peer.token]) expect(told).not.toContain(secret);
  });
});

/** All that a log could write of a value, causes of errors too. */
function everythingIn(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null || depth > 6) return String(value);
  const own = Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)] as const);
  return own.map(([name, each]) => `${name}=${everythingIn(each, depth + 1)}`).join(' ');
}

it('leaks no place that a photo was taken at', async () => {
  const { ada, general, peer } = house();
  const { default: sharp } = await import('sharp');
  const bytes = await sharp(await photo(200, 64, 48))
    .jpeg()
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
    .toBuffer();
  expect((await sharp(bytes).metadata()).exif).toBeDefined();
  const asked = await ada.slash(general, 'stylize', {
    style: 'starry-night',
    picture: { name: 'b.jpg', bytes },
  });
  const done = await asked.answer(({ files }) => files.length === 1);
  expect((await sharp(peer.bytesOf(done.files[0])).metadata()).exif).toBeUndefined();
});

it('calls nobody, whatever a person typed', async () => {
  const { ada, bob, general } = house();
  const asked = await ada.slash(general, 'stylize', {
    style: `<@${bob.id}> @everyone **loud**`,
    picture: { name: 'boats.png', bytes: await photo() },
  });
  const said = await asked.answer();
  expect(said.mentions).toEqual([]);
  expect(said.content).not.toContain('**loud**');
});
