import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFetcher, type FetcherOptions } from '../../src/images/fetch.ts';
import { createPublicAgent } from '../../src/images/public-hosts.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a host answers, by path; and who asked it with what. */
class Host {
  readonly answers = new Map<string, Answer>();
  readonly asked: { url: string; authorization: string | undefined }[] = [];
  origin = '';
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
      const answer = this.answers.get(request.url ?? '');
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('expected a port');
    this.origin = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

const host = { own: new Host(), other: new Host() };

beforeEach(async () => {
  host.own = new Host();
  host.other = new Host();
  await Promise.all([host.own.start(), host.other.start()]);
});

afterEach(async () => {
  await Promise.all([host.own.stop(), host.other.stop()]);
});

function fetcher(options: Partial<FetcherOptions> = {}): ReturnType<typeof createFetcher> {
  return createFetcher({
    hosts: ['cdn.example.com', '*.pictures.example'],
    origins: [host.own.origin, host.other.origin],
    bytes: 1000,
    timeoutMs: 5_000,
    ...options,
  });
}

describe('fetching a picture', () => {
  it('takes the bytes as they are, and what the host says they are', async () => {
    host.own.answers.set('/a.png', (_, response) => {
      response.writeHead(200, { 'content-type': 'Image/PNG; charset=x' }).end(Buffer.from([1, 2, 3]));
    });
    const { bytes, contentType } = await fetcher()(`${host.own.origin}/a.png`);
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(contentType).toBe('image/png');
  });

  it.each([
    'https://elsewhere.example/a.png',
    'http://cdn.example.com/a.png',
    'https://cdn.example.com:8443/a.png',
    'https://someone@cdn.example.com/a.png',
    'https://pictures.example/a.png',
    'https://cdn.example.com.evil.example/a.png',
    'http://127.0.0.1:1/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'not an address',
    '',
  ])('refuses %s before it is asked', async (url) => {
    await expect(fetcher()(url)).rejects.toMatchObject({ code: 'picture-host-refused' });
  });

  it.each([401, 403, 404, 410])('tells of a link that has expired by %i', async (status) => {
    host.own.answers.set('/gone', (_, response) => response.writeHead(status).end());
    await expect(fetcher()(`${host.own.origin}/gone`)).rejects.toMatchObject({
      code: 'picture-link-expired',
      retryable: false,
    });
  });

  it.each([500, 503])('asks for another try after %i', async (status) => {
    host.own.answers.set('/away', (_, response) => response.writeHead(status).end());
    await expect(fetcher()(`${host.own.origin}/away`)).rejects.toMatchObject({
      code: 'picture-host-away',
      retryable: true,
    });
  });

  it('waits as long as a 429 asks', async () => {
    host.own.answers.set('/busy', (_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    await expect(fetcher()(`${host.own.origin}/busy`)).rejects.toMatchObject({
      code: 'picture-host-away',
      data: { retryAfterMs: 7000 },
    });
  });

  it('asks for another try where nobody answers, or breaks off', async () => {
    host.own.answers.set('/breaks', (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x');
      request.socket.destroy();
    });
    const gone = host.other.origin;
    await host.other.stop();
    for (const url of [`${host.own.origin}/breaks`, `${gone}/a`]) {
      await expect(fetcher()(url)).rejects.toMatchObject({ code: 'picture-host-away', retryable: true });
    }
  });

  it('takes no more than allowed, whatever is declared', async () => {
    host.own.answers.set('/declared', (_, response) =>
      response.writeHead(200, { 'content-length': '5000' }).end(Buffer.alloc(5000)),
    );
    host.own.answers.set('/endless', (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(100)));
      };
      response.on('drain', more);
      more();
    });
    for (const path of ['/declared', '/endless']) {
      await expect(fetcher()(`${host.own.origin}${path}`)).rejects.toMatchObject({
        code: 'image-file-too-large',
      });
    }
  });

  it('gives up a host that does not end', async () => {
    host.own.answers.set('/silent', (_, response) => response.writeHead(200).write('x'));
    await expect(fetcher({ timeoutMs: 200 })(`${host.own.origin}/silent`)).rejects.toMatchObject({
      code: 'picture-host-away',
    });
  });

  it('ends with the signal’s own reason', async () => {
    const stop = new AbortController();
    host.own.answers.set('/silent', (_, response) => {
      response.writeHead(200).write('x');
      stop.abort(new Error('enough'));
    });
    await expect(fetcher()(`${host.own.origin}/silent`, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('a redirect', () => {
  it('is followed within the known hosts, and refused out of them', async () => {
    host.own.answers.set('/in', (_, response) =>
      response.writeHead(302, { location: `${host.other.origin}/b` }).end(),
    );
    host.own.answers.set('/out', (_, response) =>
      response.writeHead(302, { location: 'https://elsewhere.example/b' }).end(),
    );
    host.other.answers.set('/b', (_, response) => response.end('b'));
    expect((await fetcher()(`${host.own.origin}/in`)).bytes.toString()).toBe('b');
    await expect(fetcher()(`${host.own.origin}/out`)).rejects.toMatchObject({ code: 'picture-host-refused' });
  });

  it('without end is refused', async () => {
    host.own.answers.set('/loop', (_, response) => response.writeHead(302, { location: '/loop' }).end());
    await expect(fetcher()(`${host.own.origin}/loop`)).rejects.toMatchObject({
      code: 'picture-host-refused',
    });
  });
});

describe('a token', () => {
  it('goes to its own hosts, and is dropped on a redirect', async () => {
    const { origin, answers, asked } = host.own;
    answers.set('/files/a', (_, response) => response.writeHead(302, { location: '/files/b' }).end());
    answers.set('/files/b', (_, response) =>
      response.writeHead(302, { location: `${host.other.origin}/files/c` }).end(),
    );
    host.other.answers.set('/files/c', (_, response) => response.end('c'));
    const bearerFor = [`${origin}/files/`, `${host.other.origin}/files/`];
    await fetcher()(`${origin}/files/a`, { bearer: 'secret', bearerFor });
    expect([...asked, ...host.other.asked]).toEqual([
      { url: '/files/a', authorization: 'Bearer secret' },
      { url: '/files/b', authorization: undefined },
      { url: '/files/c', authorization: undefined },
    ]);
  });

  it.each([
    '/api/revoke',
    '/files',
    '/files/../api/revoke',
    '/files/%2e%2e/api/revoke',
    '/files/..%2fapi/revoke',
    '/files/..%5Capi/revoke',
    '/api/revoke?/files/',
  ])('goes to none of its hosts’ other paths: %s', async (path) => {
    const { origin, asked } = host.own;
    const fetched = fetcher()(`${origin}${path}`, { bearer: 'secret', bearerFor: [`${origin}/files/`] });
    await expect(fetched).rejects.toMatchObject({ code: 'picture-link-expired' });
    expect(asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('goes to no host that is not named for it', async () => {
    host.other.answers.set('/a', (_, response) => response.end('a'));
    await fetcher()(`${host.other.origin}/a`, { bearer: 'secret', bearerFor: [`${host.own.origin}/`] });
    expect(host.other.asked).toEqual([{ url: '/a', authorization: undefined }]);
  });
});

describe('a host that is none of the platform’s, where those are taken', () => {
  const outside = (): MockAgent => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    return agent;
  };

  it('is asked without the token, and by https on its own port only', async () => {
    const agent = outside();
    const asked: unknown[] = [];
    agent
      .get('https://elsewhere.example')
      .intercept({ path: '/a.png' })
      .reply(200, ({ headers }) => {
        asked.push(headers);
        return 'a';
      });
    const fetched = await fetcher({ outside: true, agent })('https://elsewhere.example/a.png', {
      bearer: 'secret',
      bearerFor: ['https://elsewhere.example/'],
    });
    expect(fetched.bytes.toString()).toBe('a');
    expect(fetched.outside).toBe(true);
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked)).not.toMatch(/authorization|secret/i);
    for (const url of [
      'http://elsewhere.example/a.png',
      'https://elsewhere.example:8443/a.png',
      'https://someone@elsewhere.example/a.png',
    ]) {
      await expect(fetcher({ outside: true, agent })(url)).rejects.toMatchObject({
        code: 'picture-host-refused',
      });
    }
    await agent.close();
  });

  it('may redirect to another one, but to nothing that is not public', async () => {
    const agent = outside();
    const site = agent.get('https://elsewhere.example');
    const redirect = (path: string, location: string): void => {
      site.intercept({ path }).reply(302, '', { headers: { location } });
    };
    redirect('/on', 'https://further.example/b');
    redirect('/in', 'https://169.254.169.254/latest/meta-data');
    redirect('/six', 'https://[::ffff:10.0.0.1]/');
    redirect('/plain', 'http://further.example/b');
    agent.get('https://further.example').intercept({ path: '/b' }).reply(200, 'b');
    const get = fetcher({ outside: true, agent });
    expect((await get('https://elsewhere.example/on')).bytes.toString()).toBe('b');
    for (const path of ['in', 'six', 'plain']) {
      await expect(get(`https://elsewhere.example/${path}`)).rejects.toMatchObject({
        code: 'picture-host-refused',
      });
    }
    await agent.close();
  });

  it('is away where its name is not known', async () => {
    const agent = createPublicAgent((_, __, done) =>
      done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []),
    );
    await expect(fetcher({ outside: true, agent })('https://nowhere.example/a.png')).rejects.toMatchObject({
      code: 'picture-host-away',
    });
    await agent.close();
  });
});
