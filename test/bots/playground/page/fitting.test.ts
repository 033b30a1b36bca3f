import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { answer, attachSample, say, useStudio } from './browser.ts';

const visit = useStudio();

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

  it('covers nothing at 360 px: every control that is in sight can be pressed', async () => {
    const page = await visit.arrive({
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    expect(await page.evaluate(COVERED)).toEqual([]);
    await attachSample(page, 'meadow');
    expect(await page.evaluate(COVERED)).toEqual([]);
    await say(page, '/stylize starry-night strength:0.85');
    await answer(page)
      .getByRole('img', { name: /Starry Night/ })
      .waitFor();
    await answer(page).getByRole('button', { name: 'React' }).tap();
    const menu = answer(page).getByRole('group', { name: 'Restyle in' });
    expect(await bottom(menu)).toBeLessThanOrEqual(await top(page.locator('#composer')));
    expect(await page.evaluate(COVERED)).toEqual([]);
    visit.studio().painter.hold();
    await say(page, '/stylize great-wave strength:0.85');
    await answer(page).getByText('Painting, 40 %.').waitFor();
    expect(await page.evaluate(COVERED)).toEqual([]);
    // The list is at the thread's end, where it covers pictures that one has done with, never the field.
    await page.getByRole('combobox').fill('/');
    expect(await bottom(page.getByRole('listbox'))).toBeLessThanOrEqual(
      await top(page.getByRole('combobox')),
    );
  });

  it('moves nothing for who has asked for less motion, and tells a reader what is said and done', async () => {
    const page = await visit.arrive();
    visit.studio().painter.hold();
    await attachSample(page, 'harbour');
    await say(page, '/stylize starry-night strength:0.65');
    await answer(page).getByText('Painting, 40 %.').waitFor();
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    // Progress is shown all along, and read aloud only as it begins and ends.
    expect(await answer(page).locator('.wait').getAttribute('aria-live')).toBe('off');
    const bar = answer(page).getByRole('progressbar', { name: 'How far the picture is' });
    expect(await bar.getAttribute('value')).toBe('0.4');
    expect(await page.locator('#reason').getAttribute('aria-live')).toBe('polite');
    expect(await page.getByRole('status').count()).toBe(1);

    const moving = await visit.arrive({ reducedMotion: 'no-preference' });
    await say(moving, '/help');
    await expect.poll(() => moving.evaluate('document.getAnimations().length')).toBeGreaterThan(0);
  });
});

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

async function top(thing: Locator): Promise<number> {
  return (await thing.boundingBox())?.y ?? Number.NaN;
}

async function bottom(thing: Locator): Promise<number> {
  const box = await thing.boundingBox();
  return box === null ? Number.NaN : box.y + box.height;
}

/** Controls at whose middle something else is pressed, among those that are wholly in sight. */
const COVERED = `[...document.querySelectorAll('button, a, input')].filter((each) => {
  const { x, y, width, height } = each.getBoundingClientRect();
  const scroller = document.querySelector('#scroller');
  const inside = scroller.contains(each) ? scroller.getBoundingClientRect() : new DOMRect(0, 0, innerWidth, innerHeight);
  if (width === 0 || y < inside.top || y + height > inside.bottom) return false;
  const hit = document.elementFromPoint(x + width / 2, y + height / 2);
  return x < 0 || x + width > innerWidth || !(each === hit || each.contains(hit));
}).map((each) => each.outerHTML)`;
