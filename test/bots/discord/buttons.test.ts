import { describe, expect, it } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { Posted } from './peer/asked.ts';
import { decoded, paints, photo } from './pictures.ts';
import { answersTo, settle } from './reading.ts';
import { type DiscordHouse, useDiscord } from './support.ts';

const house = useDiscord();

/** Ada's painting, with its buttons. */
async function painting({ ada, general }: DiscordHouse, bytes: Buffer): Promise<Posted> {
  const picture = { name: 'boats.png', bytes };
  const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
  return asked.answer(({ files }) => files.length === 1);
}

describe('buttons below a result', () => {
  it('are these', async () => {
    const done = await painting(house(), await photo());
    expect(done.controls.map(({ label }) => label)).toEqual([
      'Other style',
      'Other strength',
      'Upscale',
      'Delete',
    ]);
  });

  it('paint the same photo in another style, chosen from a gallery that the presser alone sees', async () => {
    const { bob, peer } = house();
    const bytes = await photo();
    const done = await painting(house(), bytes);
    const menu = await bob.press(done, 'Other style');
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    expect(picker.ephemeral).toBe(true);
    expect(picker.embeds.length).toBeGreaterThan(0);
    const asked = await bob.select(picker, picker.controls[0]?.custom_id ?? '', ['great-wave']);
    const other = await asked.answer(({ files }) => files.length === 1);
    expect(other.ephemeral).toBe(false);
    expect(other.content).toContain('The Great Wave');
    expect(await paints(peer.bytesOf(other.files[0]), bytes)).toBe(true);
  });

  it('paint it stronger or weaker', async () => {
    const { ada } = house();
    const done = await painting(house(), await photo());
    const menu = await ada.press(done, 'Other strength');
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    expect(picker.controls[0]?.options?.map(({ label }) => label)).toEqual([
      '25 % paint',
      '50 % paint',
      '75 % paint',
      'Other…',
    ]);
    const asked = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['0.5']);
    expect((await asked.answer(({ files }) => files.length === 1)).content).toContain('The Starry Night');
  });

  it('paint it as strongly as somebody types, and say what is no strength', async () => {
    const { ada, stored } = house();
    const done = await painting(house(), await photo());
    const picker = await (await ada.press(done, 'Other strength')).answer(
      ({ controls }) => controls.length > 0,
    );
    const list = picker.controls[0]?.custom_id ?? '';
    for (const wrong of ['35', 'much', '-1']) {
      const form = await ada.select(picker, list, ['other']);
      const refused = await (await ada.submitForm(form, { strength: wrong })).answer(
        ({ ephemeral }) => ephemeral,
      );
      expect(refused.content).toContain('from 0 to 1');
    }
    const form = await ada.select(picker, list, ['other']);
    const asked = await ada.submitForm(form, { strength: '35 %' });
    const other = await asked.answer(({ files }) => files.length === 1);
    expect(other.ephemeral).toBe(false);
    expect(await stored()).toMatch(/strength\W+0\.35/);
  });

  it('enlarge the painting', async () => {
    const { ada, peer } = house();
    const done = await painting(house(), await photo(200, 20, 10));
    const asked = await ada.press(done, 'Upscale');
    const large = await asked.answer(({ files }) => files.length === 1);
    expect(await decoded(peer.bytesOf(large.files[0]))).toMatchObject({ width: 80, height: 40 });
  });

  it('paint what was enlarged, and enlarge it again', async () => {
    const { ada, general, peer } = house();
    const picture = { name: 'small.png', bytes: await photo(200, 5, 4) };
    const asked = await ada.slash(general, 'upscale', { factor: 'x4', picture });
    const done = await asked.answer(({ files }) => files.length === 1);
    expect(done.controls.map(({ label }) => label)).toEqual(['Stylize…', 'Upscale', 'Delete']);
    const menu = await ada.press(done, 'Stylize…');
    const picker = await menu.answer(({ controls }) => controls.length > 0);
    const chosen = await ada.select(picker, picker.controls[0]?.custom_id ?? '', ['great-wave']);
    const other = await chosen.answer(({ files }) => files.length === 1);
    expect(await paints(peer.bytesOf(other.files[0]), peer.bytesOf(done.files[0]))).toBe(true);
    const larger = await (await ada.press(done, 'Upscale')).answer(({ files }) => files.length === 1);
    expect(await decoded(peer.bytesOf(larger.files[0]))).toMatchObject({ width: 80, height: 64 });
  });

  it('make one job of a double click', async () => {
    const { ada, general, peer, stopWorker, startWorker } = house();
    const done = await painting(house(), await photo());
    await stopWorker();
    const first = await ada.press(done, 'Upscale');
    await first.answer(({ content }) => content.includes('In line'));
    const second = await ada.press(done, 'Upscale');
    const hint = await second.answer(({ ephemeral }) => ephemeral);
    expect(hint.content).toContain('already on its way');
    startWorker();
    await first.answer(({ files }) => files.length === 1);
    await settle(house());
    expect(answersTo(peer, general)).toHaveLength(2);
  });

  it('delete it for whoever asked, or a moderator', async () => {
    const { ada, bob, mia, peer } = house();
    for (const remover of [ada, mia]) {
      const done = await painting(house(), await photo());
      const refused = await bob.press(done, 'Delete');
      expect((await refused.answer(({ ephemeral }) => ephemeral)).content).toContain(
        'Only the person who asked',
      );
      expect(peer.message(done).deleted).toBe(false);
      await remover.press(done, 'Delete');
      await eventually(() => peer.message(done).deleted);
    }
  });

  it('say so where the pictures are no longer stored', async () => {
    const { ada, mia, general } = house();
    const done = await painting(house(), await photo());
    await (await ada.slash(general, 'impasto-forget')).answer();
    const asked = await mia.press(done, 'Upscale');
    const hint = await asked.answer(({ ephemeral }) => ephemeral);
    expect(hint.content).toContain('no longer stored');
    expect(asked.answers()).toHaveLength(1);
  });
});

describe('/queue', () => {
  it('tells what is ahead and what is mine, and cancels mine', async () => {
    const { ada, bob, general, stopWorker } = house();
    await stopWorker();
    const picture = { name: 'boats.png', bytes: await photo() };
    await (await bob.slash(general, 'stylize', { style: 'great-wave', picture })).answer(
      ({ content }) => content !== '',
    );
    const asked = await ada.slash(general, 'stylize', { style: 'starry-night', picture });
    await asked.answer(({ content }) => content.includes('In line'));
    const list = await (await ada.slash(general, 'queue')).answer();
    expect(list.ephemeral).toBe(true);
    expect(list.content).toContain('starry-night');
    expect(list.controls).toHaveLength(1);
    const pressed = await ada.press(list, list.controls[0]?.custom_id ?? '');
    await pressed.answer(({ content }) => content === 'Cancelled.');
    await asked.answer(({ content }) => content === 'Cancelled.');
  });
});

describe('/styles and /help', () => {
  it('show all styles, with previews', async () => {
    const { ada, general } = house();
    const gallery = await (await ada.slash(general, 'styles')).answer();
    expect(gallery.embeds.map(({ title }) => title)).toEqual([
      '🌌 starry-night',
      '🌊 great-wave',
      '⬛️ composition',
    ]);
    expect(gallery.files).toHaveLength(1);
    const help = await (await ada.slash(general, 'help')).answer();
    expect(help.content).toContain('/stylize');
    expect(help.content).toContain('/impasto-forget');
  });
});
