import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, type Dispatcher } from 'undici';
import { UserError } from '../errors.ts';

/** All addresses of a name, as `dns.lookup` tells them with `all`. */
export type Resolve = (
  name: string,
  options: { readonly all: true; readonly family?: number | 'IPv4' | 'IPv6' | undefined },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Of IPv6, the part that is given out to anybody at all. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');
const CONNECT_MS = 10_000;

/**
 * True for an address that belongs to somebody on the public Internet. Not for one that is private, of this machine, of
 * this link or of a carrier's own network, for many, reserved, or that stands for another one (mapped into IPv6,
 * translated, 6to4, Teredo), whichever that is; nor for what is no address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return !(address instanceof ipaddr.IPv6) || address.match(GIVEN_OUT);
}

/** True for a host of an address (as `URL` normalises it) that is written as an IP address. */
export function isAddress(hostname: string): boolean {
  return ipaddr.isValid(bare(hostname));
}

/** Whether a host may be asked for at all: a name may, until it is known where it leads. */
export function isPublicHost(hostname: string): boolean {
  return !isAddress(hostname) || isPublicAddress(bare(hostname));
}

/**
 * Connects to public addresses only. What is checked is what is connected to: a name that leads elsewhere a moment later
 * leads nowhere. It refuses with UserError `picture-host-refused`, as the cause of what `fetch` throws.
 */
export function createPublicAgent(resolve: Resolve = systemLookup): Dispatcher {
  return new Agent({ connect: { lookup: publicLookup(resolve), timeout: CONNECT_MS } });
}

/** A lookup that finds public addresses only. */
export function publicLookup(resolve: Resolve): LookupFunction {
  return (name, { family, all }, done) => {
    resolve(name, { all: true, family }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const found = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = found;
      if (first === undefined) return done(hostRefused(name, 'it leads to no public address'), '');
      if (all === true) return done(null, found);
      done(null, first.address, first.family);
    });
  };
}

/** A host that is not asked. */
export function hostRefused(host: string, why: string): UserError {
  return new UserError('picture-host-refused', `Pictures are not fetched from “${host}”: ${why}.`, {
    data: { host },
  });
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
