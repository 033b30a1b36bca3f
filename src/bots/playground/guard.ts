import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';

/**
 * Refuse callers that are not the playground's own page, or a program of the person's own.
 *
 * A page on another site could otherwise have its own name point here (DNS rebinding), so `Host` must be a
 * name that is known to be ours, or the very IP address the connection came in on; and it could post here from
 * its own origin (CSRF), so `Origin` and `Sec-Fetch-Site`, which no page can forge, must tell of this one.
 * @param hosts further names to answer for, without port, lower case
 * @throws UserError `host-refused`, `origin-refused`
 */
export function guard(request: FastifyRequest, hosts: readonly string[]): void {
  const { headers, socket } = request;
  const host = authorityOf(`http://${headers.host ?? ''}`);
  if (
    host === undefined ||
    headers.host?.includes('@') ||
    !isOurs(host.hostname, socket.localAddress, hosts)
  ) {
    throw refuse(en, 'host-refused');
  }
  const { origin } = headers;
  if (origin !== undefined && authorityOf(origin)?.host !== host.host) {
    throw refuse(en, 'origin-refused');
  }
  const site = headers['sec-fetch-site'];
  // The page itself may be opened by a link from anywhere; nothing else is opened so.
  if (!isPage(request) && (site === 'cross-site' || site === 'same-site')) {
    throw refuse(en, 'origin-refused');
  }
}

/** Whether the page's files answer. The route says so; an address can be written in many ways. */
export function isPage(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/*';
}

function isOurs(hostname: string, localAddress: string | undefined, hosts: readonly string[]): boolean {
  if (hostname === 'localhost' || hosts.includes(hostname)) return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  // IPv4 reaches a socket that listens on both as ::ffff:192.0.2.1.
  return isIP(address) !== 0 && address === localAddress?.replace(/^::ffff:/, '');
}

function authorityOf(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
