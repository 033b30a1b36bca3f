import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import { decoded, paints, photo } from './pictures.ts';
import { settle } from './reading.ts';
import { useDiscord } from './support.ts';

const house = useDiscord();

describe('/stylize', () => {
  it('is acknowledged at once, tells how it stands, and becomes the painting in one message', async () => {
    const { ada, general, peer, stopWorker, startWorker } = house();
    await stopWorker();
    const bytes = await photo();
    const picture = { name: 'boats.png', bytes };
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    expect(await asked.acknowledged()).toBeLessThan(3_000);
    const waiting = await asked.answer(({ content }) => content.includes('In line'));
    expect(waiting.controls.map(({ label }) => label)).toEqual(['Cancel']);
    startWorker();
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(done.files[0]), bytes)).toBe(true);
    expect(done.content).toContain('The Starry Night, Vincent van Gogh, 1889');
    expect(done.files[0]?.description).toContain('The Starry Night');
    expect(asked.visible()).toHaveLength(1);
    expect(done.id).toBe(waiting.id);
    expect(
      done.editions.map(({ content }) => content).filter((text) => text.includes('In line')),
    ).not.toEqual([]);
  });

  it('is told how many stand before it', async () => {
    const { ada, bob, mia, general, stopWorker } = house();
    await stopWorker();
    // Of each person one picture at a time has its turn.
    for (const [at, person] of [bob, mia].entries()) {
      const asked = await person.slash(general, 'stylize', {
        style: 'starry-night',
        picture: { name: 'one.png', bytes: await photo(at * 50) },
      });
      await asked.answer(({ content }) => content.includes('In line'));
    }
    const asked = await ada.slash(general, 'stylize', {
      style: 'great-wave',
      picture: { name: 'three.png', bytes: await photo() },
    });
    await asked.answer(({ content }) => content.includes('2 before you'));
  });

  it('is acknowledged in time when a hundred ask at once, and no worker is free', async () => {
    const { ada, bob, general, stopWorker } = house();
    await stopWorker();
    const picture = { name: 'boats.png', bytes: await photo() };
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? ada : bob).slash(general, 'stylize', { style: 'starry-night', picture }),
      ),
    );
    // Each throws where Discord's time is over.
    for (const asked of all) await asked.acknowledged();
  });

  it('is answered in the thread in which it was asked', async () => {
    const { ada, general, peer } = house();
    const thread = await general.thread('paintings', ada);
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(thread, 'stylize', { style: 'starry-night', picture });
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(done.channelId).toBe(thread.id);
    expect(peer.messages(general)).toEqual([]);
  });

  it('paints several pictures as one answer', async () => {
    const { ada, general, peer } = house();
    const photos = await Promise.all([10, 90, 250].map((red) => photo(red)));
    const [picture, picture2, picture3] = photos.map((bytes, index) => ({ name: `p${index}.png`, bytes }));
    if (picture === undefined || picture2 === undefined || picture3 === undefined)
      throw new Error('three photos');
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture, picture2, picture3 });
    const done = await asked.answer(({ files }) => files.length === 3);
    for (const [index, bytes] of photos.entries()) {
      expect(await paints(peer.bytesOf(done.files[index]), bytes)).toBe(true);
    }
    expect(new Set(done.files.map(({ name }) => name)).size).toBe(3);
    expect(asked.visible()).toHaveLength(1);
  });

  it('suggests styles while one is typed, a near miss too', async () => {
    const { ada, general } = house();
    const suggest = async (typed: string) =>
      (await ada.autocomplete(general, 'stylize', { style: typed }, 'style')).map(({ value }) => value);
    expect(await suggest('')).toEqual(['starry-night', 'great-wave', 'composition']);
    expect(await suggest('wave')).toEqual(['great-wave']);
    expect(await suggest('stary-nigth')).toEqual(['starry-night']);
  });

  it('names the style that was meant, for the asker alone', async () => {
    const { ada, general } = house();
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(general, 'stylize', { style: 'stary-night', picture });
    const hint = await asked.answer();
    expect(hint.content).toContain('starry-night');
    expect(hint.ephemeral).toBe(true);
    expect(asked.visible()).toHaveLength(1);
  });

  it('takes strength and colours as they are typed', async () => {
    const { ada, general, peer } = house();
    const picture = { name: 'boats.png', bytes: await photo() };
    const values = { style: 'starry-night', strength: 0.5, keep_colors: true, picture };
    const done = await (await ada.slash(general, 'stylize', values)).answer(
      ({ files }) => files.length === 1,
    );
    expect((await decoded(peer.bytesOf(done.files[0]))).width).toBe(24);
  });

  it('says what is wrong with a file that is no picture', async () => {
    const { ada, general } = house();
    const picture = { name: 'boats.png', bytes: Buffer.from('no picture at all') };
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    const said = await asked.answer(({ content }) => content.includes('no picture'));
    expect(said.content).toMatch(/incident [0-9a-f]{8}/);
    expect(asked.visible()).toHaveLength(1);
  });

  it('can be cancelled while it waits, by whoever asked and nobody else', async () => {
    const { ada, bob, general, stopWorker, startWorker } = house();
    await stopWorker();
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    const waiting = await asked.answer(({ controls }) => controls.length > 0);
    const other = await bob.press(waiting, 'Cancel');
    expect((await other.answer(({ ephemeral }) => ephemeral)).content).toContain('Only the person who asked');
    await ada.press(waiting, 'Cancel');
    const over = await asked.answer(({ content }) => content === 'Cancelled.');
    startWorker();
    expect(over.controls.map(({ label }) => label)).toEqual(['Delete']);
    expect(asked.answers()).toHaveLength(1);
  });
});

describe('a painting that takes its time', () => {
  it('tells how far it is, and can be cancelled while it is made', async () => {
    const { ada, general } = house();
    const picture = { name: 'boats.png', bytes: await photo() };
    const asked = await ada.slash(general, 'stylize', { style: 'composition', picture });
    const running = await asked.answer(({ content }) => /Painting, \d+ %/.test(content));
    const further = await asked.answer(
      ({ content }) => /Painting, \d+ %/.test(content) && content !== running.content,
    );
    await ada.press(further, 'Cancel');
    await asked.answer(({ content }) => content === 'Cancelled.');
    await settle(house());
    expect(asked.visible().map(({ content, files }) => [content, files.length])).toEqual([['Cancelled.', 0]]);
  });
});

describe('/upscale', () => {
  it('states both sizes', async () => {
    const { ada, general, peer } = house();
    const picture = { name: 'small.png', bytes: await photo(200, 20, 10) };
    const asked = await ada.slash(general, 'upscale', { factor: 'x4', picture });
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(await decoded(peer.bytesOf(done.files[0]))).toMatchObject({ width: 80, height: 40 });
    expect(done.content).toContain('20 × 10');
    expect(done.content).toContain('80 × 40');
  });
});

it('speaks the language of whoever asks', async () => {
  const { ada, general } = house();
  const asked = await ada.slash(general, 'help', {}, { locale: 'zh-TW' });
  expect((await asked.answer()).content).toMatch(/[\u4e00-\u9fff]/);
  await eventually(() => asked.answers().length === 1);
});
