import { describe, expect, it } from 'vitest';
import { ImpastoError } from '../../../../src/errors.ts';
import { answer, attachSample, say, settled, useStudio } from './browser.ts';

const visit = useStudio();

describe('a photo becomes a painting in the thread', { timeout: 30_000 }, () => {
  it('goes from a sample to a painting by keyboard alone, with line, progress and picture', async () => {
    const page = await visit.arrive();
    visit.studio().painter.hold();
    const field = page.getByRole('combobox', { name: 'Message' });
    const option = page.getByRole('option');

    await page.locator('#empty [data-sample=harbour]').focus();
    await page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('/stylize starry-night');
    expect(await page.locator('#text:focus').count()).toBe(1);

    await page.keyboard.press('Control+A');
    await page.keyboard.type('/');
    expect(await option.count()).toBe(6);
    expect(await field.getAttribute('aria-expanded')).toBe('true');
    expect(await page.getByRole('option', { selected: true }).getAttribute('data-value')).toBe('stylize');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await page.getByRole('option', { selected: true }).innerText()).toContain('Vincent van Gogh');
    expect(await option.first().locator('img').getAttribute('src')).toBe('/api/previews/starry-night');
    await page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('/stylize starry-night ');
    // What may be left out is shown, and yet Enter sends.
    expect(await option.allInnerTexts()).toHaveLength(4);
    expect(await page.getByRole('option', { selected: true }).count()).toBe(0);
    await page.keyboard.press('Enter');

    await answer(page).getByText('Painting, 40 %.').waitFor();
    expect(await answer(page).getByRole('progressbar').getAttribute('value')).toBe('0.4');
    expect(await field.inputValue()).toBe('');
    expect(await page.locator('#attachments li').count()).toBe(0);
    visit.studio().painter.release();

    const painting = answer(page).getByRole('img', { name: /painted after The Starry Night/i });
    await painting.waitFor();
    await expect
      .poll(() => page.evaluate('document.querySelector(".impasto .picture img").naturalWidth'))
      .toBe(320);
    expect(await answer(page).innerText()).toContain('The Starry Night, Vincent van Gogh, 1889.');
    expect(await page.getByRole('img', { name: 'The harbour', exact: true }).isVisible()).toBe(true);
    const download = answer(page).getByRole('link', { name: 'Download' });
    expect(await download.getAttribute('href')).toMatch(/^\/api\/pictures\/.+\?download=1$/);
  });

  it('completes options and values, and closes the list on Escape', async () => {
    const page = await visit.arrive();
    const field = page.getByRole('combobox');
    await field.focus();
    await page.keyboard.type('/stylize great-wave str');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await field.inputValue()).toBe('/stylize great-wave strength:0.5 ');
    await page.keyboard.type('k');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('listbox').isVisible()).toBe(false);
    expect(await field.getAttribute('aria-activedescendant')).toBeNull();
    await field.fill('/sty');
    await page.getByRole('option', { name: '/stylize' }).click();
    expect(await field.inputValue()).toBe('/stylize ');
    expect(await page.locator('#text:focus').count()).toBe(1);
  });

  it('restyles a picture by an emoji, and shows the emoji on it', async () => {
    const page = await visit.arrive();
    await attachSample(page, 'meadow');
    await page.keyboard.press('Enter');
    await answer(page)
      .getByRole('img', { name: /Starry Night/ })
      .waitFor();

    const first = page.locator('.message.impasto').first();
    const react = first.getByRole('button', { name: 'React' });
    await react.focus();
    await page.keyboard.press('Enter');
    expect(await react.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await react.getAttribute('aria-expanded')).toBe('false');

    await page.getByRole('img', { name: /painted after The Great Wave/i }).waitFor();
    expect(await page.locator('.message.impasto').count()).toBe(2);
    await first.getByRole('img', { name: 'You reacted with 🌊' }).waitFor();
  });

  it('shows the thread again after a reload, and in a second tab', async () => {
    const page = await visit.arrive();
    await attachSample(page, 'harbour');
    await say(page, '/stylize starry-night strength:0.3');
    await answer(page)
      .getByRole('img', { name: /Starry Night/ })
      .waitFor();
    const before = await page.getByRole('log').innerText();

    await page.reload();
    await settled(page);
    expect(await page.getByRole('log').innerText()).toBe(before);
    expect(await page.locator('#empty').isVisible()).toBe(false);

    const second = await page.context().newPage();
    await second.goto(visit.studio().url);
    await settled(second);
    expect(await second.getByRole('log').innerText()).toBe(before);
    await say(second, '/stylize great-wave strength:0.3');
    await answer(page)
      .getByRole('img', { name: /Great Wave/ })
      .waitFor();
  });

  it('says how a failure came about, with its incident', async () => {
    const page = await visit.arrive();
    await attachSample(page, 'harbour');
    visit.studio().painter.fault = new ImpastoError({
      code: 'child-died',
      userMessage: 'Painting this picture broke off. Try again.',
      report: true,
      publicMessage: true,
    });
    await say(page, '/stylize starry-night strength:0.6');
    const failure = answer(page).locator('.failure');
    await failure.waitFor();
    expect(await failure.innerText()).toMatch(/Work on this picture broke off\. .* \(incident \w+\)/);
    expect(await answer(page).getByRole('progressbar').count()).toBe(0);
  });

  it('shows that work goes on between two reports, unless motion is not wanted', async () => {
    visit.studio().painter.hold();
    for (const [reducedMotion, animation] of [
      ['no-preference', 'sweep'],
      ['reduce', 'none'],
    ] as const) {
      const page = await visit.arrive({ reducedMotion });
      await attachSample(page, 'meadow');
      await say(page, '/stylize great-wave strength:0.55');
      await answer(page).getByText('Painting, 40 %.').waitFor();
      const moves = 'getComputedStyle(document.querySelector("progress[value]")).animationName';
      expect(await page.evaluate(moves)).toBe(animation);
    }
  });

  it('cancels what is in line from the list of it', async () => {
    const page = await visit.arrive();
    visit.studio().painter.hold();
    await attachSample(page, 'harbour');
    await say(page, '/stylize starry-night strength:0.6');
    const painted = page.locator('.message.impasto').first();
    await painted.getByText('Painting, 40 %.').waitFor();
    await say(page, '/queue');
    const list = page.locator('.message.impasto').nth(1);
    await list.getByText('1. 🌌 starry-night: Painting, 40 %.').waitFor();
    await list.getByRole('button', { name: 'Cancel 1' }).click();
    await painted.getByText('Cancelled.').waitFor();
  });

  it('points the right way after a near miss', async () => {
    const page = await visit.arrive();
    await attachSample(page, 'harbour');
    await say(page, '/stylize stary-night');
    expect(await answer(page).locator('.hint').innerText()).toContain('did you mean starry-night?');
  });

  it('says how many are before, and cancels who waits and who is being painted', async () => {
    const page = await visit.arrive();
    visit.studio().painter.hold();
    await attachSample(page, 'harbour');
    await say(page, '/stylize starry-night strength:0.7');
    const painted = page.locator('.message.impasto').first();
    await painted.getByText('Painting, 40 %.').waitFor();
    await say(page, '/stylize great-wave strength:0.7');
    const waiting = page.locator('.message.impasto').nth(1);
    await waiting.getByText(/In line/).waitFor();

    await waiting.getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    await waiting.getByText('Cancelled.').waitFor();
    // The button is gone, and the keyboard is back where one writes.
    expect(await page.locator('#text:focus').count()).toBe(1);
    await painted.getByRole('button', { name: 'Cancel' }).click();
    await painted.getByText('Cancelled.').waitFor();
    visit.studio().painter.release();
    expect(await page.getByRole('progressbar').count()).toBe(0);
  });

  it('shows how a picture stands after a reload, and the picture after the server was away', async () => {
    const page = await visit.arrive();
    visit.studio().painter.hold();
    await attachSample(page, 'meadow');
    await say(page, '/stylize great-wave strength:0.45');
    await answer(page).getByText('Painting, 40 %.').waitFor();
    await page.reload();
    await answer(page).getByText('Painting, 40 %.').waitFor();
    expect(await answer(page).getByRole('progressbar').getAttribute('value')).toBe('0.4');
    await answer(page).getByRole('button', { name: 'Cancel' }).waitFor();

    await visit.studio().stop();
    await page.getByRole('status').getByText('Connection lost').waitFor();
    visit.studio().painter.release();
    await visit.studio().restart();
    await answer(page)
      .getByRole('img', { name: /Great Wave/ })
      .waitFor({ timeout: 20_000 });
    expect(await page.locator('.message.impasto').count()).toBe(1);
    expect(await page.getByRole('progressbar').count()).toBe(0);
    await expect.poll(() => page.getByRole('status').innerText()).toBe('');
  });

  it('tells when the connection is away, keeps what was written, and picks the thread up again', async () => {
    const page = await visit.arrive();
    await say(page, '/styles');
    await answer(page).getByText('Vincent van Gogh').waitFor();
    await visit.studio().stop();
    await page.getByRole('status').getByText('Connection lost').waitFor();
    await say(page, '/help');
    await page.getByText('The playground cannot be reached.').waitFor();
    expect(await page.getByRole('combobox').inputValue()).toBe('/help');

    await visit.studio().restart();
    await expect.poll(() => page.getByRole('status').innerText(), { timeout: 10_000 }).toBe('');
    await page.getByRole('button', { name: 'Send' }).click();
    await answer(page).getByText('This is what you can write').waitFor();
    expect(await page.locator('.message').count()).toBe(4);
  });
});
