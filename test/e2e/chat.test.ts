import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { answer, arrived, attachSample, say } from '../bots/playground/page/browser.ts';
import { aPhoto } from '../bots/playground/page/studio.ts';
import { difference } from '../cli/compare.ts';
import { bytesOf, paintings, useImpasto } from './impasto.ts';

/* The whole product as somebody meets it who has just typed `npm run up`. */

const impasto = useImpasto();

describe('in the thread', () => {
  it('a sample photo becomes a painting before one’s eyes, and an emoji on it makes another', async () => {
    const { url } = await impasto.up();
    const page = await impasto.arrive(url);
    await page.locator('#empty [data-sample=nagasaki-boats]').click();
    await arrived(page, 1);
    const field = page.getByRole('combobox', { name: 'Message' });
    await field.fill('');
    await page.keyboard.type('/sty');
    await page.keyboard.press('Tab');
    await page.keyboard.type('star');
    await page.keyboard.press('Tab');
    expect(await field.inputValue()).toBe('/stylize starry-night ');
    const seen = await watchProgress(page);
    await page.keyboard.press('Enter');

    await paintings(page).waitFor();
    expect(await seen()).toContainEqual(expect.stringMatching(/^Painting, \d+ %\.$/));
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await answer(page).innerText()).toContain('The Starry Night, Vincent van Gogh, 1889');
    const photo = sharp(await bytesOf(page.locator('.message.you .picture img')));
    const painting = sharp(await bytesOf(paintings(page)));
    const { width, height } = await photo.metadata();
    expect(await painting.metadata()).toMatchObject({ format: 'jpeg', width, height });
    const changed = await difference(painting, photo);
    expect(changed, 'it is no longer the photo').toBeGreaterThan(10);
    expect(await difference(painting, photo.clone().rotate(180)), 'but shows what it shows').toBeGreaterThan(
      changed * 1.2,
    );

    await answer(page).getByRole('button', { name: 'React' }).click();
    await page.locator('[data-emoji="🌌"]:visible').click();
    await paintings(page).nth(1).waitFor();
    expect(await page.locator('.message.impasto').count()).toBe(2);
    await page.getByRole('img', { name: 'You reacted with 🌌' }).waitFor();
    const restyled = sharp(await bytesOf(paintings(page).nth(1)));
    expect(await restyled.metadata()).toMatchObject({ width, height });
    expect(await difference(restyled, painting)).toBeGreaterThan(5);
  });

  it('a damaged picture is refused in plain words, and what follows is painted', async () => {
    const { url } = await impasto.up();
    const page = await impasto.arrive(url);
    const whole = await aPhoto(400, 300);
    const reason = page.locator('#reason');
    for (const [name, buffer, words] of [
      ['half.png', whole.subarray(0, whole.length / 2), /damaged/],
      ['letter.png', Buffer.from('Dear Impasto, '.repeat(99)), /no picture/],
      ['empty.png', Buffer.alloc(0), /empty/],
    ] as const) {
      await page.locator('#file').setInputFiles({ name, mimeType: 'image/png', buffer });
      await expect.poll(() => reason.innerText()).toMatch(new RegExp(`^${name}: `));
      expect(await reason.innerText()).toMatch(words);
      await arrived(page, 0);
    }
    await attachSample(page, 'allium-oreophilum');
    await say(page, '/stylize starry-night');
    await paintings(page).waitFor();
  });

  it('who waits and who is being painted can be cancelled, and what follows is painted', async () => {
    const { url } = await impasto.up();
    const page = await impasto.arrive(url);
    for (const side of [2000, 1999]) {
      const buffer = await aPhoto(side, side);
      await page.locator('#file').setInputFiles({ name: `${side}.png`, mimeType: 'image/png', buffer });
      await arrived(page, 1);
      await say(page, '/stylize starry-night');
      await arrived(page, 0);
    }
    const [first, second] = [0, 1].map((nth) => page.locator('.message.impasto').nth(nth));
    await first?.getByText(/^Painting/).waitFor();
    await second?.getByText(/^In line/).waitFor();
    for (const message of [second, first]) {
      await message?.getByRole('button', { name: 'Cancel' }).click();
      await message?.getByText('Cancelled.').waitFor();
    }
    await attachSample(page, 'allium-oreophilum');
    await say(page, '/stylize starry-night');
    await paintings(page).waitFor();
    expect(await paintings(page).count()).toBe(1);
    expect(await page.getByText('Cancelled.').count()).toBe(2);
  });
});

/** Keep every line that tells how a picture stands, however short it shows. */
async function watchProgress(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(`{
    window.stands = [];
    new MutationObserver(() => {
      for (const stand of document.querySelectorAll('.stand')) window.stands.push(stand.textContent);
    }).observe(document.querySelector('#thread'), { childList: true, characterData: true, subtree: true });
  }`);
  return () => page.evaluate('[...new Set(window.stands)]');
}
