import { rm } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser, settled } from '../bots/playground/page/browser.ts';
import { createProgram, type Part } from '../cli/program.ts';
import { eventually, temporaryFolder } from '../queue/support.ts';
import { type Process, processesNaming } from './proc.ts';

/** What `impasto up` needs to find its Redis, where the test run has found it. */
const FOUND = ['IMPASTO_REDIS_BINARY', 'IMPASTO_REDIS_ARGV0', 'LD_LIBRARY_PATH'];

/** `impasto up`, once it has said where it is. */
export interface Life {
  readonly part: Part;
  readonly url: string;
}

/** A state folder that `impasto up` runs on, one life after the other, and a browser; all anew for each test. */
export interface Impasto {
  up(env?: Readonly<Record<string, string>>): Promise<Life>;
  /** Start `impasto up`, without waiting for it. */
  begin(): Part;
  /** Run `impasto up` where it must end by itself. */
  fail(): Promise<{ readonly code: number | null; readonly said: string }>;
  /** Open the page at `url` as somebody new. */
  arrive(url: string): Promise<Page>;
  /** What runs on the state folder: the program itself, its children, its Redis. */
  running(): readonly Process[];
}

/** A test fails whose page throws. */
export function useImpasto(): Impasto {
  let browser: Browser | undefined;
  let state = '';
  let pages: Page[] = [];
  const faults: string[] = [];
  // Processes are known by their HOME where nothing else about them names the folder.
  const program = createProgram(() => ({ ...found(), HOME: state, IMPASTO_STATE: state }));
  const running = (): readonly Process[] => processesNaming(state);

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    state = temporaryFolder();
  });
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    await program.endAll();
    // Its children end by themselves once they see it gone; its Redis waits for the next start.
    for (const { pid } of running().filter(isRedis)) process.kill(pid, 'SIGKILL');
    await eventually(() => running().length === 0, 60_000);
    await rm(state, { recursive: true });
    expect(faults.splice(0)).toEqual([]);
  });

  return {
    running,
    up: async (env = {}) => {
      const part = program.run(['up'], env);
      const [, url = ''] = await eventually(() => /^Impasto is at (http:\S+)/m.exec(part.said()), 60_000);
      return { part, url };
    },
    begin: () => program.run(['up']),
    fail: async () => {
      const part = program.run(['up']);
      return { code: await part.ended(), said: part.said() };
    },
    arrive: async (url) => {
      if (browser === undefined) throw new Error('the browser is started before the first test');
      const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' });
      const page = await context.newPage();
      page.setDefaultTimeout(90_000);
      pages.push(page);
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(url);
      await settled(page);
      return page;
    },
  };
}

function found(): Record<string, string> {
  return Object.fromEntries(FOUND.flatMap((name) => [[name, process.env[name] ?? '']]).filter(([, v]) => v));
}

/** Whether a process is the private Redis. */
export function isRedis({ args }: Process): boolean {
  return args.includes('unixsocket');
}

/** Whether a process is one of those that decode and paint. */
export function isChild({ args }: Process): boolean {
  return args.includes('tinypool');
}

/** Paintings in the thread, in its order. */
export function paintings(page: Page): Locator {
  return page.locator('.message.impasto').getByRole('img', { name: /painted after/i });
}

/** The bytes behind a picture of the thread, from its own address. */
export async function bytesOf(picture: Locator): Promise<Buffer> {
  const page = picture.page();
  const address = new URL((await picture.getAttribute('src')) ?? '', page.url());
  const response = await page.request.get(address.href);
  expect(response.status()).toBe(200);
  return response.body();
}
