import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { answer, say, settled, useStudio } from './browser.ts';

const visit = useStudio();

/** A page of another site that holds nothing but a link. */
async function linkingTo(url: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html><a href="${url}">Impasto</a>`);
  });
  await new Promise<void>((settle) => server.listen(0, 'localhost', settle));
  onTestFinished(() => void server.close());
  const { port }: AddressInfo = Object(server.address());
  return `http://localhost:${port}/`;
}

it('shows the thread again to who comes back by a link on another site', { timeout: 30_000 }, async () => {
  const page = await visit.arrive();
  await say(page, '/styles');
  await answer(page).getByText('Vincent van Gogh').waitFor();
  const before = await page.getByRole('log').innerText();
  const cookies = await page.context().cookies();

  await page.goto(await linkingTo(visit.studio().url));
  await page.getByRole('link', { name: 'Impasto' }).click();
  await page.waitForURL(visit.studio().url);
  await settled(page);
  expect(await page.getByRole('log').innerText()).toBe(before);
  const kept = await page.context().cookies();
  expect(kept.map(({ value }) => value)).toEqual(cookies.map(({ value }) => value));
});
