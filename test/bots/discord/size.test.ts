import { describe, expect, it } from 'vitest';
import { startLinkServer } from '../../../src/bots/link-server.ts';
import { createLinks } from '../../../src/bots/links.ts';
import { silentLog } from '../../../src/queue/log.ts';
import { SECRET, stored } from './bot.ts';
import type { Asked } from './peer/asked.ts';
import { decoded, rich } from './pictures.ts';
import { type DiscordHouse, useDiscord } from './support.ts';

const ORIGINAL = 'PATCH /webhooks/:app/:token/messages/@original';

async function ask({ ada, general }: DiscordHouse, bytes: Buffer, uploadLimit: number): Promise<Asked> {
  const picture = { name: 'rich.png', bytes };
  return ada.slash(general, 'stylize', { style: 'starry-night', picture }, { uploadLimit });
}

describe('without an address for links', () => {
  const house = useDiscord();

  it('what fits goes out as it is', async () => {
    const { peer } = house();
    const done = await (await ask(house(), await rich(200, 100), 10_000_000)).answer(
      ({ files }) => files.length === 1,
    );
    expect((await decoded(peer.bytesOf(done.files[0]))).format).toBe('png');
    expect(done.content).not.toContain('too large');
  });

  it('what is too large for the place goes out as JPEG of high quality, and says so', async () => {
    const { peer } = house();
    const limit = 60_000;
    const done = await (await ask(house(), await rich(400, 300), limit)).answer(
      ({ files }) => files.length === 1,
    );
    const bytes = peer.bytesOf(done.files[0]);
    expect(bytes.length).toBeLessThanOrEqual(limit);
    expect(await decoded(bytes)).toMatchObject({ format: 'jpeg', width: 400, height: 300 });
    expect(done.files[0]?.name).toMatch(/\.jpg$/);
    expect(done.content).toContain('JPEG');
  });

  it('what Discord refuses all the same goes out smaller', async () => {
    const { peer } = house();
    const body = { message: 'Request entity too large', code: 40005 };
    peer.fault.always(ORIGINAL, { status: 413, body });
    const asked = await ask(house(), await rich(500, 400), 10_000_000);
    await asked.acknowledged();
    for (;;) {
      const refused = peer.requests.filter(({ status, files }) => status === 413 && files.size > 0);
      if (refused.length > 0) break;
      await new Promise((wake) => setTimeout(wake, 10));
    }
    peer.fault.clear();
    const done = await asked.answer(({ files }) => files.length === 1);
    expect((await decoded(peer.bytesOf(done.files[0]))).format).toBe('jpeg');
  });

  it('what fits in no way ends in a sentence', async () => {
    const asked = await ask(house(), await rich(900, 900), 2_000);
    const done = await asked.answer(({ content }) => content.includes('too large'));
    expect(done.files).toEqual([]);
    expect(asked.visible()).toHaveLength(1);
  });
});

describe('with an address for links', () => {
  const house = useDiscord({ bot: { publicUrl: 'https://pictures.example.com' } });

  it('what fits in no way goes out as a link that ends, and says until when', async () => {
    const asked = await ask(house(), await rich(900, 900), 2_000);
    const done = await asked.answer(({ content }) =>
      content.includes('https://pictures.example.com/pictures/'),
    );
    expect(done.content).toMatch(/<t:\d+:t>/);
    expect(done.content).toMatch(/\/pictures\/[0-9a-f]{64}\.[0-9a-z]+\.[0-9a-f]{64}/);
    expect(done.files).toEqual([]);
  });

  it('the link ends when whoever asked has their pictures forgotten, and nobody else’s does', async () => {
    const { ada, bob, general, redis } = house();
    const base = 'https://pictures.example.com';
    const server = await startLinkServer({
      links: createLinks({ base, secret: SECRET, seconds: 600 }),
      artefacts: stored(redis()),
      host: '127.0.0.1',
      port: 0,
      log: silentLog,
    });
    try {
      const picture = { name: 'rich.png', bytes: await rich(900, 900) };
      const addresses: string[] = [];
      for (const person of [ada, bob]) {
        const options = { style: 'starry-night', picture };
        const asked = await person.slash(general, 'stylize', options, { uploadLimit: 2_000 });
        const { content } = await asked.answer((message) => message.content.includes(base));
        addresses.push(/\/pictures\/[\w.]+/.exec(content)?.[0] ?? '');
      }
      const statuses = (): Promise<readonly number[]> =>
        Promise.all(addresses.map(async (path) => (await fetch(`${server.address}${path}`)).status));
      expect(await statuses()).toEqual([200, 200]);
      await (await ada.slash(general, 'impasto-forget')).answer();
      expect(await statuses()).toEqual([404, 200]);
    } finally {
      await server.close();
    }
  });
});
