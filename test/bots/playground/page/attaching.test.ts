import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { answer, arrived, attachSample, say, useStudio } from './browser.ts';
import { aPhoto } from './studio.ts';

const visit = useStudio();

describe('pictures find their way into the composer', { timeout: 30_000 }, () => {
  it('takes them by drop, paste and button, shows each, and lets each be removed', async () => {
    const page = await visit.arrive();
    const reason = page.locator('#reason');
    const send = page.getByRole('button', { name: 'Send' });
    expect(await reason.innerText()).toBe('Write a command or attach a photo.');
    expect(await send.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('combobox').fill('/stylize starry-night');
    expect(await reason.innerText()).toContain('Attach a photo for this command');

    await hand(page, 'dragenter', await aPhoto(40, 30));
    expect(await page.getByText('Drop the picture anywhere').isVisible()).toBe(true);
    await hand(page, 'drop', await aPhoto(40, 30));
    expect(await page.getByText('Drop the picture anywhere').isVisible()).toBe(false);
    await arrived(page, 1);
    await hand(page, 'paste', await aPhoto(50, 30));
    const file = { name: 'mine.png', mimeType: 'image/png', buffer: await aPhoto(60, 30) };
    await page.locator('#file').setInputFiles(file);
    await arrived(page, 3);
    expect(await page.getByRole('img', { name: 'mine.png' }).isVisible()).toBe(true);

    await page.getByRole('button', { name: 'Remove mine.png' }).click();
    await arrived(page, 2);
    expect(await send.getAttribute('aria-disabled')).toBe('false');
    await say(page, '/stylize starry-night');
    await expect.poll(() => page.locator('.impasto .picture').count()).toBe(2);
    expect(await page.locator('.you .picture').count()).toBe(2);
    expect(await page.locator('.impasto .picture img').first().getAttribute('width')).toBe('40');
  });

  it('says why a picture is not taken, and forgets it', async () => {
    const page = await visit.arrive();
    await hand(page, 'paste', Buffer.from('not a picture at all'));
    await page.locator('#reason.bad').waitFor();
    expect(await page.locator('#reason').innerText()).toMatch(/^handed\.png: .+/);
    await arrived(page, 0);

    for (const width of [31, 32, 33, 34, 35]) await hand(page, 'drop', await aPhoto(width, 30));
    await arrived(page, 4);
    expect(await page.locator('#reason').innerText()).toContain('4 pictures at the most');
  });

  it('leaves pasted text to the field, and takes the latest picture when none is attached', async () => {
    const page = await visit.arrive();
    await attachSample(page, 'harbour');
    // A second click on the same sample is a slip, not a second picture.
    await page.locator('[data-sample=harbour]:visible').click();
    await arrived(page, 1);
    await say(page, '');
    await answer(page).getByText('A fine picture!').waitFor();
    await page.getByRole('combobox').focus();
    await page.keyboard.insertText('/stylize great-wave');
    expect(await page.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('false');
    await page.keyboard.press('Enter');
    await answer(page)
      .getByRole('img', { name: /Great Wave/ })
      .waitFor();
  });
});

/** Let a file come to the page as the browser's own events bring it. */
async function hand(page: Page, event: 'dragenter' | 'drop' | 'paste', bytes: Buffer): Promise<void> {
  const base64 = bytes.toString('base64');
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'handed.png', { type: 'image/png' }));
    const about = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
    const kind = '${event}' === 'paste' ? ClipboardEvent : DragEvent;
    document.querySelector('#thread').dispatchEvent(new kind('${event}', about));
  }`);
}
