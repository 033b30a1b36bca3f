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

describe('the page fits who looks at it', { timeout: 30_000 }, () => {
  it('needs no sideways scrolling at 360 px, whatever stands in it', async () => {
    const page = await visit.arrive({
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    expect(await overflow(page)).toBe(0);
    await attachSample(page, 'harbour');
    await page.getByRole('combobox').fill('/stylize ');
    await page.getByRole('option').first().waitFor();
    expect(await overflow(page)).toBe(0);
    await say(page, '/stylize starry-night strength:0.9');
    await answer(page)
      .getByRole('img', { name: /Starry Night/ })
      .waitFor();
    await answer(page).getByRole('button', { name: 'React' }).click();
    expect(await overflow(page)).toBe(0);
    await say(page, `/${'long'.repeat(100)}`);
    await answer(page).locator('.hint').waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await page.evaluate('visualViewport.width')).toBe(360);
  });

  it('keeps the place of a picture that is on its way, and stays at the end only for who is there', async () => {
    const page = await visit.arrive({ viewport: { width: 800, height: 500 } });
    visit.studio().painter.hold();
    await attachSample(page, 'meadow');
    await say(page, '/stylize starry-night strength:0.8');
    const canvas = answer(page).locator('.frame');
    await canvas.waitFor();
    const before = await canvas.boundingBox();
    expect(await fromEnd(page)).toBeLessThan(2);
    visit.studio().painter.release();
    await answer(page).locator('.picture .frame').waitFor();
    const after = await answer(page).locator('.picture .frame').boundingBox();
    expect([after?.width, after?.height]).toEqual([before?.width, before?.height]);
    expect(await fromEnd(page)).toBeLessThan(2);

    visit.studio().painter.hold();
    await say(page, '/stylize great-wave strength:0.8');
    await answer(page).getByText('Painting, 40 %.').waitFor();
    await page.evaluate('document.querySelector("#scroller").scrollTop = 0');
    visit.studio().painter.release();
    const newest = page.getByRole('button', { name: 'Newest message' });
    await newest.waitFor();
    await answer(page).locator('.picture').waitFor({ state: 'attached' });
    expect(await page.evaluate('document.querySelector("#scroller").scrollTop')).toBe(0);
    await newest.click();
    await expect.poll(() => fromEnd(page)).toBeLessThan(2);
    expect(await newest.isVisible()).toBe(false);
  });

  it('names every control and picture, and shows where the keyboard is', async () => {
    const page = await visit.arrive({ colorScheme: 'dark' });
    await attachSample(page, 'harbour');
    await say(page, '/stylize starry-night strength:0.8');
    await answer(page)
      .getByRole('img', { name: /Starry Night/ })
      .waitFor();
    expect(await page.evaluate(UNNAMED)).toEqual([]);
    expect(await page.getByRole('log', { name: 'Conversation' }).getAttribute('aria-live')).toBe('polite');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 22, 28)');
    await page.getByRole('combobox').focus();
    await page.keyboard.press('Shift+Tab');
    const outline = 'getComputedStyle(document.activeElement).outlineStyle';
    expect(await page.locator('#attach:focus').count()).toBe(1);
    expect(await page.evaluate(outline)).toBe('solid');
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

/** How many pixels page and thread are wider than the window. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(
    `Math.max(...[document.documentElement, document.querySelector('#scroller')].map((box) => box.scrollWidth - box.clientWidth))`,
  );
}

/** How many pixels of the thread are below the window. */
async function fromEnd(page: Page): Promise<number> {
  return page.evaluate(
    `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector('#scroller'))`,
  );
}

/** Controls without a name, and pictures without even an empty text alternative. */
const UNNAMED = `[...document.querySelectorAll('button, a, input:not([hidden]), progress, img')]
  .filter((each) => each.tagName === 'IMG' ? !each.hasAttribute('alt')
    : !(each.getAttribute('aria-label') || each.textContent.trim() || each.querySelector('img')?.alt))
  .map((each) => each.outerHTML)`;
