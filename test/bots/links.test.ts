import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type LinkServer, startLinkServer } from '../../src/bots/link-server.ts';
import { createLinks, type Links } from '../../src/bots/links.ts';
import type { Artefacts } from '../../src/queue/contract.ts';
import { ownerName } from '../../src/queue/keys.ts';
import { silentLog } from '../../src/queue/log.ts';

const HASH = 'a'.repeat(64);
const SECRET = 'a secret of more than sixteen bytes';

const ADA = { platform: 'discord', person: 'ada' };
const owned = async (): Promise<readonly string[]> => [ownerName({ ...ADA, person: 'bob' }), ownerName(ADA)];

function links(changes: Partial<Parameters<typeof createLinks>[0]> = {}): Links {
  return createLinks({ base: 'https://pictures.example.com/', secret: SECRET, seconds: 60, ...changes });
}

function tokenOf(url: string): string {
  return url.split('/').at(-1) ?? '';
}

describe('a link', () => {
  it('stands for its artefact until its time', async () => {
    let now = 1_000_000;
    const clock = links({ now: () => now });
    const { url, until } = clock.make(HASH, ADA);
    expect(url).toMatch(/^https:\/\/pictures\.example\.com\/pictures\/[0-9a-z.]+$/);
    expect(until).toBe(1_060_000);
    expect(await clock.read(tokenOf(url), owned)).toBe(HASH);
    now = 1_060_001;
    expect(await clock.read(tokenOf(url), owned)).toBeUndefined();
  });

  it.each(['https://example.com/a/b', 'https://example.com/a/b/'])(
    'keeps the path that %s is served below',
    async (base) => {
      const { url } = links({ base }).make(HASH, ADA);
      expect(url).toMatch(/^https:\/\/example\.com\/a\/b\/pictures\/[0-9a-z.]+$/);
      expect(await links({ base }).read(tokenOf(url), owned)).toBe(HASH);
    },
  );

  it('works on after the secret has been changed, while the earlier one is known', async () => {
    const token = tokenOf(links().make(HASH, ADA).url);
    const secret = 'another secret of enough bytes';
    expect(await links({ secret, olderSecrets: [SECRET] }).read(token, owned)).toBe(HASH);
    const fresh = tokenOf(links({ secret, olderSecrets: [SECRET] }).make(HASH, ADA).url);
    expect(await links({ secret }).read(fresh, owned)).toBe(HASH);
  });

  it('can be neither forged, changed nor moved to another secret', async () => {
    const token = tokenOf(links().make(HASH, ADA).url);
    const [hash = '', until = '', signature = ''] = token.split('.');
    const forged = [
      '',
      'x',
      '..',
      `${hash}.${until}.`,
      `${hash}.zzzzzzzzz.${signature}`,
      `${'b'.repeat(64)}.${until}.${signature}`,
      `${hash}.${until}.${randomBytes(32).toString('hex')}`,
      `${hash}.${until}.${signature.toUpperCase()}`,
    ];
    for (const each of forged) expect(await links().read(each, owned)).toBeUndefined();
    const other = links({ secret: 'another secret of enough bytes' });
    expect(await other.read(token, owned)).toBeUndefined();
  });
});

it('a link works for its artefact while that is theirs for whom it was made', async () => {
  const token = tokenOf(links().make(HASH, ADA).url);
  expect(await links().read(token, async () => [ownerName(ADA)])).toBe(HASH);
  expect(await links().read(token, async () => [ownerName({ ...ADA, person: 'bob' })])).toBeUndefined();
  expect(await links().read(token, async () => [])).toBeUndefined();
});

describe('the server of links', () => {
  let server: LinkServer | undefined;
  afterEach(() => server?.close());

  async function serve(
    kept: ReadonlyMap<string, Buffer>,
  ): Promise<{ get(token: string): Promise<Response> }> {
    const get: Artefacts['get'] = async (hash) => {
      const bytes = kept.get(hash);
      const info = { hash, contentType: 'image/png', bytes: bytes?.length ?? 0, width: 1, height: 1 };
      return bytes && { info, bytes };
    };
    server = await startLinkServer({
      links: links(),
      artefacts: { get, owners: owned },
      host: '127.0.0.1',
      port: 0,
      log: silentLog,
    });
    const { address } = server;
    return { get: (token) => fetch(`${address}/pictures/${token}`) };
  }

  it('gives the picture, to be kept by nobody on the way', async () => {
    const { get } = await serve(new Map([[HASH, Buffer.from('picture')]]));
    const response = await get(tokenOf(links().make(HASH, ADA).url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('x-robots-tag')).toBe('noindex');
    expect(await response.text()).toBe('picture');
  });

  it('answers alike where the link is wrong and where the picture is gone', async () => {
    const { get } = await serve(new Map());
    const gone = await get(tokenOf(links().make(HASH, ADA).url));
    const wrong = await get('nonsense');
    expect([gone.status, wrong.status]).toEqual([404, 404]);
    expect(await gone.text()).toBe(await wrong.text());
  });
});
