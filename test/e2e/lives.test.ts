import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { arrived, attachSample, say, settled } from '../bots/playground/page/browser.ts';
import { aPhoto } from '../bots/playground/page/studio.ts';
import { eventually } from '../queue/support.ts';
import { bytesOf, isChild, isRedis, paintings, useImpasto } from './impasto.ts';

/* `impasto up` ends and starts again, on the same state folder and under the same address. */

const impasto = useImpasto();

/** Let the page's newest request come so far that it is being painted. */
async function beginLongPicture(page: Page): Promise<void> {
  const file = { name: 'large.png', mimeType: 'image/png', buffer: await aPhoto(2000, 2000) };
  await page.locator('#file').setInputFiles(file);
  await arrived(page, 1);
  await say(page, '/stylize starry-night');
  await page.getByText(/^Painting, [1-9]\d* %/).waitFor();
}

describe('the program', () => {
  it('ends whole at Ctrl-C, and shows the thread with its pictures when it is started again', async () => {
    const first = await impasto.up();
    const page = await impasto.arrive(first.url);
    await attachSample(page, 'nagasaki-boats');
    await say(page, '/stylize starry-night');
    await paintings(page).waitFor();
    const said = await page.getByRole('log').innerText();
    const painting = await bytesOf(paintings(page));
    expect(impasto.running().filter(isRedis)).toHaveLength(1);
    expect(impasto.running().length, 'program, Redis, a child that paints, one that looks').toBe(4);

    expect(await first.part.ctrlC()).toBe(0);
    expect(impasto.running()).toEqual([]);
    expect(first.part.said()).not.toMatch(/error|^ {4}at /im);
    await page.getByRole('status').getByText('Connection lost').waitFor();

    const second = await impasto.up({ PORT: new URL(first.url).port });
    expect(second.url).toBe(first.url);
    await expect.poll(() => page.getByRole('status').innerText(), { timeout: 60_000 }).toBe('');
    await page.reload();
    await settled(page);
    expect(await page.getByRole('log').innerText()).toBe(said);
    expect((await bytesOf(paintings(page))).equals(painting)).toBe(true);
    await expect
      .poll(() =>
        page.evaluate('[...document.querySelectorAll(".picture img")].map((img) => img.naturalWidth)'),
      )
      .toEqual([1024, 1024]);
    await say(page, '/stylize starry-night strength:0.5');
    await paintings(page).nth(1).waitFor();
  });

  it('finishes or hands back at Ctrl-C what it paints, and brings it once', async () => {
    const first = await impasto.up();
    const page = await impasto.arrive(first.url);
    await beginLongPicture(page);
    expect(await first.part.ctrlC()).toBe(0);
    expect(impasto.running()).toEqual([]);

    await impasto.up({ PORT: new URL(first.url).port });
    await paintings(page).waitFor();
    await page.reload();
    await settled(page);
    expect(await paintings(page).count()).toBe(1);
    expect(await page.locator('.message.impasto').count()).toBe(1);
  });

  it('is killed in the middle of a picture, and brings it once when it is started again', async () => {
    const first = await impasto.up();
    const page = await impasto.arrive(first.url);
    await beginLongPicture(page);
    const [left] = impasto.running().filter(isRedis);
    await first.part.end('SIGKILL');
    expect(await paintings(page).count(), 'it was killed before it was done').toBe(0);

    const second = await impasto.up({ PORT: new URL(first.url).port });
    expect(impasto.running().map(({ pid }) => pid)).not.toContain(left?.pid);
    await paintings(page).waitFor();
    expect(await page.locator('.message.impasto').count()).toBe(1);
    expect(await second.part.ctrlC()).toBe(0);
    await expect.poll(() => impasto.running(), { timeout: 60_000 }).toEqual([]);
  });

  it('leaves no child behind where it is killed while one starts', async () => {
    const part = impasto.begin();
    await eventually(() => impasto.running().some(isChild), 60_000);
    const children = impasto
      .running()
      .filter(isChild)
      .map(({ pid }) => pid);
    await part.end('SIGKILL');
    await impasto.up();
    const left = (): readonly number[] =>
      impasto
        .running()
        .map(({ pid }) => pid)
        .filter((pid) => children.includes(pid));
    await expect.poll(left, { timeout: 60_000 }).toEqual([]);
  });

  it('says who is there when it is started twice on one state folder', async () => {
    const { part, url } = await impasto.up();
    const other = await impasto.fail();
    expect(other.code).toBe(1);
    expect(other.said).toContain(`Another Impasto (process ${part.pid}) already runs on the state folder`);
    expect(other.said).not.toMatch(/^ {4}at /m);
    expect((await fetch(url)).status).toBe(200);
  });
});
