import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { Agent, fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import {
  createPublicAgent,
  isPublicAddress,
  isPublicHost,
  publicLookup,
} from '../../src/images/public-hosts.ts';
import { addressesOfNobody } from './addresses.ts';
import { listenPrivately } from './private-listener.ts';

const hostOf = (written: string): string => new URL(`https://${written}/`).hostname;

/** What a connection is made to, for a name that leads to these addresses. */
function found(addresses: readonly string[], all: boolean): Promise<unknown> {
  const known: LookupAddress[] = addresses.map((address) => ({ address, family: isIP(address) }));
  return new Promise((settle, fail) => {
    publicLookup((_, __, done) => done(null, known))('name.example', { all }, (error, address) =>
      error === null ? settle(address) : fail(error),
    );
  });
}

describe('an address', () => {
  it.each(addressesOfNobody)('that is $kind is not public: $written', ({ written }) => {
    expect(isPublicHost(hostOf(written))).toBe(false);
    expect(isPublicAddress(hostOf(written).replaceAll(/[[\]]/g, ''))).toBe(false);
  });

  it.each(['1.1.1.1', '9.255.255.255', '100.63.255.255', '172.32.0.1', '2606:4700::1111', '2a00::1'])(
    'that anybody may have is: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each(['', 'localhost', 'name.example', '1.1.1.1 ', 'fe80::1%eth0'])('is none: “%s”', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });

  it('stays what it is however IPv6 carries it', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const [high, low] = [octets.slice(0, 2), octets.slice(2)].map((pair) =>
          Buffer.from(pair).toString('hex'),
        );
        for (const carried of [
          `::ffff:${high}:${low}`,
          `::${high}:${low}`,
          `64:ff9b::${high}:${low}`,
          `2002:${high}:${low}::1`,
          `2001:0:${high}:${low}::1`,
        ]) {
          expect(isPublicAddress(carried)).toBe(false);
        }
      }),
    );
  });
});

describe('a name', () => {
  it('may be asked for until it is known where it leads', () => {
    expect(isPublicHost('name.example')).toBe(true);
  });

  it.each([true, false])('leads to its public addresses only (all: %s)', async (all) => {
    const address = await found(['10.0.0.1', '1.1.1.1', '::1', '2606:4700::1111', 'fd00::1'], all);
    expect(address).toEqual(
      all
        ? [
            { address: '1.1.1.1', family: 4 },
            { address: '2606:4700::1111', family: 6 },
          ]
        : '1.1.1.1',
    );
  });

  it.each([[['127.0.0.1']], [['::1', '192.168.1.1']], [[]]])(
    'is refused where it leads to %j',
    async (addresses) => {
      for (const all of [true, false]) {
        await expect(found(addresses, all)).rejects.toMatchObject({ code: 'picture-host-refused' });
      }
    },
  );
});

it('an agent connects to nobody on this machine, to whom others connect', async () => {
  const listener = await listenPrivately('127.0.0.1', 0);
  if (listener === undefined) throw new Error('nobody can listen at 127.0.0.1');
  const own = createPublicAgent(listener.resolve);
  const others = new Agent({
    connect: { lookup: (_, __, done) => done(null, [{ address: listener.address, family: 4 }]) },
  });
  const address = `https://name.example:${listener.port}/`;
  await expect(fetch(address, { dispatcher: own })).rejects.toMatchObject({
    cause: { code: 'picture-host-refused' },
  });
  expect(listener.connections()).toBe(0);
  await expect(fetch(address, { dispatcher: others })).rejects.toThrow();
  expect(listener.connections()).toBe(1);
  await Promise.all([own.close(), others.close()]);
  await listener.close();
});
