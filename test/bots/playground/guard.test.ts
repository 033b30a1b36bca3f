import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { usePlayground } from './use-playground.ts';
import { visit } from './visitor.ts';

const { house } = usePlayground({ allowedHosts: ['Paint.Example'] });

interface Heard {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly cookie: boolean;
}

/** Ask with exactly these headers; `fetch` would put its own in place of some. */
function ask(path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<Heard> {
  return new Promise((settle, fail) => {
    const asked = request(new URL(path, house().playground.url), { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const told: { error?: { code: string } } = text.startsWith('{') ? JSON.parse(text) : {};
        const cookie = response.headers['set-cookie'] !== undefined;
        settle({ status: response.statusCode, code: told.error?.code, cookie });
      });
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

const port = () => new URL(house().playground.url).port;

describe('the name under which the playground is asked', () => {
  it.each(['localhost', '127.0.0.1', 'LOCALHOST', 'paint.example'])('may be %s', async (name) => {
    expect((await ask('/api/commands', { host: `${name}:${port()}` })).status).toBe(200);
    expect(await ask('/', { host: name })).toMatchObject({ status: 200, cookie: true });
  });

  it.each([
    'rebound.example',
    'localhost.rebound.example',
    'rebound.example:80',
    'localhost@rebound.example',
    'rebound.example@localhost',
    '127.0.0.2',
    '0.0.0.0',
    '[::1]',
    '..',
  ])('may not be “%s”, for the page as little as for the API', async (host) => {
    for (const path of ['/', '/main.js', '/api/commands', '/api/events', '/healthz']) {
      expect(await ask(path, { host })).toEqual({ status: 403, code: 'host-refused', cookie: false });
    }
  });
});

describe('another site', () => {
  const post = async (headers: Record<string, string>) => {
    const { cookie } = await visit(house().playground.url);
    const about = { host: `localhost:${port()}`, cookie, 'content-type': 'application/json' };
    return ask('/api/messages', { ...about, ...headers }, 'POST', '{"text":"/help"}');
  };

  it('may not post, even with the cookie', async () => {
    const refused = { status: 403, code: 'origin-refused' };
    for (const origin of ['http://evil.example', 'null', 'http://localhost:1', 'http://localhost', 'x']) {
      expect(await post({ origin })).toMatchObject(refused);
    }
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toMatchObject(refused);
    expect(await post({ 'sec-fetch-site': 'same-site' })).toMatchObject(refused);
    const own = { origin: `http://localhost:${port()}`, 'sec-fetch-site': 'same-origin' };
    expect((await post(own)).status).toBe(202);
    expect((await post({})).status).toBe(202);
  });

  it('may link to the page, and to nothing below /api', async () => {
    const elsewhere = { host: `localhost:${port()}`, 'sec-fetch-site': 'cross-site' };
    expect((await ask('/', elsewhere)).status).toBe(200);
    for (const path of [
      '/api/events',
      '/%61pi/events',
      '/api/comm%61nds',
      '/api/samples/boats',
      '/healthz',
    ]) {
      expect((await ask(path, elsewhere)).code, path).toBe('origin-refused');
    }
  });

  it.each(['/api/commands', '/%61pi/commands', '/api/samples', '/healthz'])(
    'finds no answer of %s in the browser’s store',
    async (path) => {
      const answer = await fetch(new URL(path, house().playground.url));
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
      const page = await fetch(house().playground.url);
      expect(page.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('can neither frame the page nor read from it, and no script but its own runs in it', async () => {
    for (const path of ['', 'api/samples/boats']) {
      const { headers } = await fetch(`${house().playground.url}${path}`);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('a session', () => {
  it('is a secret that scripts cannot read and that other sites cannot post with', async () => {
    const page = await fetch(house().playground.url);
    expect(page.headers.get('set-cookie')).toMatch(
      /^impasto_session=[\w-]{22}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is needed for every post, and not taken from a made-up cookie', async () => {
    const host = `localhost:${port()}`;
    for (const cookie of ['', 'impasto_session=short', 'impasto_session=../../../../etc/passwd0']) {
      for (const path of ['messages', 'reactions', 'pictures', 'requests/x/cancel']) {
        expect(await ask(`/api/${path}`, { host, cookie }, 'POST')).toMatchObject({
          status: 401,
          code: 'session-missing',
        });
      }
    }
  });
});
