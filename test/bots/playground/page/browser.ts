import { access, constants } from 'node:fs/promises';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openStudio, type Studio } from './studio.ts';

/** Where the tests find Chromium: a path, or a name on the PATH. */
const binary = process.env.IMPASTO_CHROMIUM ?? 'chromium';

/** A playground and a browser to look at it, for the tests of one file. */
export interface Visit {
  readonly studio: () => Studio;
  /** Open the page as somebody new, once it is ready. It is closed after the test. */
  arrive(options?: BrowserContextOptions): Promise<Page>;
}

/** One studio and one browser for a file. A test whose page throws, or is refused something by its policy, fails. */
export function useStudio(): Visit {
  let studio: Studio | undefined;
  let browser: Browser | undefined;
  let pages: Page[] = [];
  const faults: string[] = [];
  const started = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('studio and browser are started before the first test');
    return thing;
  };

  beforeAll(async () => {
    [studio, browser] = await Promise.all([openStudio(), openBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await studio?.close();
  }, 30_000);
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    started(studio).painter.release();
    expect(faults.splice(0)).toEqual([]);
  });

  return {
    studio: () => started(studio),
    arrive: async (options = {}) => {
      const context = await started(browser).newContext({
        reducedMotion: 'reduce',
        locale: 'en-GB',
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      pages.push(page);
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (line) => {
        if (line.text().includes('Content Security Policy')) faults.push(line.text());
      });
      await page.goto(started(studio).url);
      await settled(page);
      return page;
    },
  };
}

/** Start Chromium, for the caller to close. */
export async function openBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: await pathOf(binary), args, headless: true });
}

/** Wait until the page shows the whole thread. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#thread:not([aria-busy])').waitFor({ state: 'attached' });
  await page.locator('[data-sample]').first().waitFor({ state: 'attached' });
}

/** The newest message of Impasto's. */
export function answer(page: Page): Locator {
  return page.locator('.message.impasto').last();
}

/** Write a message into the composer and send it by Enter, as it stands. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('combobox').fill(text);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}

/** Attach a sample by name and wait until it is up. */
export async function attachSample(page: Page, name: string): Promise<void> {
  await page.locator(`[data-sample=${name}]:visible`).click();
  await arrived(page, 1);
}

/** Wait until exactly so many pictures are attached and up. */
export async function arrived(page: Page, count: number): Promise<void> {
  const there = (): Promise<number> => page.locator('#attachments li:not([aria-busy])').count();
  // Looking at a large picture takes a while where the machine is busy.
  await expect.poll(there, { timeout: 30_000 }).toBe(count);
}

/** Playwright wants a path; people and scripts may give a name. */
async function pathOf(name: string): Promise<string> {
  if (name.includes('/')) return name;
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const path = `${folder}/${name}`;
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  throw new Error(`found no ${name} on the PATH; set IMPASTO_CHROMIUM to the path of a Chromium`);
}
