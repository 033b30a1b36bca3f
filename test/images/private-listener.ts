import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemCode } from '../../src/errors.ts';
import type { Resolve } from '../../src/images/public-hosts.ts';

/** Somebody on this machine whom strangers must not reach, and who counts those that do. */
export interface PrivateListener {
  /** Of 127/8. */
  readonly address: string;
  readonly port: number;
  /** How many have connected. */
  connections(): number;
  /** Leads every name here. */
  readonly resolve: Resolve;
  close(): Promise<void>;
}

/** What a system answers that lets nobody listen there: no right to the port, or no such address. */
const UNHEARD = ['EACCES', 'EADDRNOTAVAIL'];

/** @param port 0 for any that is free; undefined is returned where this system lets nobody listen at it */
export async function listenPrivately(address: string, port: number): Promise<PrivateListener | undefined> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined).destroy();
  });
  try {
    await once(server.listen(port, address), 'listening');
  } catch (error) {
    if (UNHEARD.includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
  const bound = server.address();
  const here: LookupAddress[] = [{ address, family: 4 }];
  return {
    address,
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    connections: () => connections,
    resolve: (_, __, done) => done(null, here),
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** An address of 127/8 in the ways in which a link can name it, or what stands for it in IPv6. */
export function waysToWrite(address: string): readonly (readonly [kind: string, written: string])[] {
  const octets = address.split('.').map(Number);
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const hex = number.toString(16).padStart(8, '0');
  const words = `${hex.slice(0, 4)}:${hex.slice(4)}`;
  return [
    ['literally', address],
    ['in decimal', String(number)],
    ['in hexadecimal', `0x${hex}`],
    ['in octal', octets.map((octet) => `0${octet.toString(8)}`).join('.')],
    ['in two parts', `${octets[0]}.${number % 2 ** 24}`],
    ['in other letters', address.replaceAll('1', '１')],
    ['mapped into IPv6', `[::ffff:${address}]`],
    ['compatible with IPv4', `[::${words}]`],
    ['translated (NAT64)', `[64:ff9b::${words}]`],
    ['by 6to4', `[2002:${words}::1]`],
  ];
}
