import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, fetch, MockAgent } from 'undici';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createFetcher, type FetcherOptions } from '../../src/images/fetch.ts';
import { createPublicAgent } from '../../src/images/public-hosts.ts';
import { addressesOfNobody } from './addresses.ts';
import { listenPrivately, waysToWrite } from './private-listener.ts';

/* Strangers' links against somebody who listens on this machine, at the port of https. */

/** Another one for each process, so that nobody else is met there. */
const ADDRESS = `127.${[process.ppid, process.pid >> 8, process.pid].map((part) => (part % 254) + 1).join('.')}`;
const listener = await listenPrivately(ADDRESS, 443);
const hosts = ['cdn.example.com', '*.pictures.example'];
const agents: Agent[] = [];

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.close();
});
afterAll(() => listener?.close());

function fetcher(options: Partial<FetcherOptions> = {}): ReturnType<typeof createFetcher> {
  return createFetcher({ hosts, bytes: 1000, timeoutMs: 5_000, ...options });
}

const refused = { code: 'picture-host-refused', retryable: false };

it('a known host that leads to this machine is refused, as the system itself resolves it', async () => {
  await expect(fetcher({ hosts: ['localhost'] })('https://localhost/a.png')).rejects.toMatchObject(refused);
});

it.each(addressesOfNobody.map(({ written }) => written))('%s is not asked', async (host) => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  await expect(fetcher({ outside: true, agent })(`https://${host}/a.png`)).rejects.toMatchObject(refused);
  await agent.close();
});

it.each(['localhost', 'localhost.', 'rebound.example'])(
  '%s is asked at no address of this machine, looked up once',
  async (name) => {
    let looks = 0;
    const agent = createPublicAgent((_, __, done) => {
      looks += 1;
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const get = fetcher({ outside: true, agent });
    await expect(get(`https://${name}/a.png`)).rejects.toMatchObject(refused);
    expect(looks).toBe(1);
    await agent.close();
  },
);

describe.runIf(listener !== undefined)('whoever listens on this machine', () => {
  const { address = '', resolve = () => undefined, connections = () => 0 } = listener ?? {};
  const leading = { agent: createPublicAgent(resolve) };

  it('hears of those who connect to any address', async () => {
    const agent = new Agent({ connect: { lookup: (_, __, done) => done(null, [{ address, family: 4 }]) } });
    agents.push(agent);
    const before = connections();
    await expect(fetch('https://cdn.example.com/a.png', { dispatcher: agent })).rejects.toThrow();
    await expect(fetch(`https://${address}/a.png`, { dispatcher: agent })).rejects.toThrow();
    expect(connections()).toBe(before + 2);
  });

  it.each([
    ['that is known', 'cdn.example.com'],
    ['below a known one', 'some.pictures.example'],
    ['that is not known', 'elsewhere.example'],
  ])('hears of nobody through a name %s', async (_, host) => {
    const before = connections();
    await expect(fetcher({ ...leading, outside: true })(`https://${host}/a.png`)).rejects.toMatchObject(
      refused,
    );
    expect(connections()).toBe(before);
  });

  it('hears of nobody through a known name that leads there only later', async () => {
    const before = connections();
    let looks = 0;
    const agent = createPublicAgent((name, options, done) => {
      looks += 1;
      if (looks > 1) return resolve(name, options, done);
      done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    });
    const get = fetcher({ agent });
    await expect(get('https://cdn.example.com/a.png')).rejects.toMatchObject({ code: 'picture-host-away' });
    await expect(get('https://cdn.example.com/a.png')).rejects.toMatchObject(refused);
    expect([looks, connections()]).toEqual([2, before]);
  });

  it.each(waysToWrite(address))('hears of nobody who is given the address %s', async (_, written) => {
    const before = connections();
    for (const outside of [false, true]) {
      await expect(fetcher({ outside })(`https://${written}/a.png`)).rejects.toMatchObject(refused);
    }
    expect(connections()).toBe(before);
  });

  it.each([
    ['a known name', 'https://cdn.example.com/a.png'],
    ['a name that is not known', 'https://elsewhere.example/a.png'],
    ['the address without https', `http://${address}:443/a.png`],
    ...waysToWrite(address).map(([kind, written]) => [`the address ${kind}`, `https://${written}/a.png`]),
  ])('hears of nobody who is sent on to %s', async (_, location = '') => {
    const before = connections();
    // A header carries bytes, and Node takes them as latin1.
    const sent = Buffer.from(location).toString('latin1');
    const peer = createServer((__, response) => response.writeHead(302, { location: sent }).end());
    await once(peer.listen(0, '127.0.0.1'), 'listening');
    const bound = peer.address();
    const origin = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    for (const outside of [false, true]) {
      const get = fetcher({ ...leading, outside, origins: [origin] });
      await expect(get(`${origin}/`)).rejects.toMatchObject(refused);
    }
    expect(connections()).toBe(before);
    peer.closeAllConnections();
    peer.close();
  });
});
