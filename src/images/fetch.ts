import { type Dispatcher, fetch, type Response } from 'undici';
import { ImpastoError, systemCode, UserError } from '../errors.ts';
import { fileTooLarge } from './limits.ts';
import { createPublicAgent, isPublicHost, hostRefused as refused } from './public-hosts.ts';

/** From where pictures may be fetched, and how much of them. */
export interface FetcherOptions {
  /** Names of hosts, reached by https; `*.example.com` stands for every name below it. */
  readonly hosts: readonly string[];
  /** Origins such as `http://127.0.0.1:8080` that are taken as they are, wherever they lead: peers of one's own. */
  readonly origins?: readonly string[];
  /** Whether all other hosts are asked too, by https on its own port; left out, they are refused. */
  readonly outside?: boolean;
  /** By what hosts are reached; left out, it connects to public addresses only (`createPublicAgent`). */
  readonly agent?: Dispatcher | undefined;
  /** The largest file. */
  readonly bytes: number;
  /** For the whole of it, redirects included. */
  readonly timeoutMs: number;
}

/** How to ask for one file. */
export interface FetchOptions {
  /** Sent to the first address only, and only where that begins as one of `bearerFor` (`https://example.com/files/`). */
  readonly bearer?: string;
  readonly bearerFor?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A file as it came. */
export interface Fetched {
  readonly bytes: Buffer;
  /** What the host says of it, lower case and without parameters; nothing to rely on. */
  readonly contentType: string | undefined;
  /** True where it came from a host that is not among the known ones. */
  readonly outside: boolean;
}

/** Fetches one file of a stranger's. */
export type Fetch = (url: string, options?: FetchOptions) => Promise<Fetched>;

const MOST_REDIRECTS = 3;

/**
 * The one door for strangers' bytes over the network: known hosts, at every redirect, and with `outside` any other; https
 * only; connections to public addresses only, whatever name leads there; no more bytes than allowed, whatever the host
 * declares; and no longer than allowed. A token goes to known hosts only.
 *
 * What it returns throws UserError `picture-host-refused`, `picture-link-expired` (401, 403, 404, 410),
 * `picture-refused` (any other refusal), `image-file-too-large`; ImpastoError `picture-host-away` (retryable: 429, 5xx,
 * no answer, broken off); the signal's reason once it has aborted.
 */
export function createFetcher(options: FetcherOptions): Fetch {
  const { bytes: limit, timeoutMs, agent = createPublicAgent() } = options;

  return async (address, { bearer, bearerFor = [], signal } = {}) => {
    const late = AbortSignal.timeout(timeoutMs);
    const both = signal === undefined ? late : AbortSignal.any([signal, late]);
    let target = admitted(address, undefined, options);
    const trusted = mayHaveToken(target, bearerFor);
    try {
      for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
        const headers = hop === 0 && bearer !== undefined && trusted ? authorization(bearer) : {};
        const { url, known } = target;
        const response = await fetch(url, {
          redirect: 'manual',
          signal: both,
          headers,
          ...(known === 'origin' ? {} : { dispatcher: agent }),
        });
        const next = response.headers.get('location');
        if (response.status < 300 || response.status >= 400 || next === null) {
          return await taken(response, target, limit);
        }
        await response.body?.cancel();
        target = admitted(next, url, options);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw ownCauseOf(error) ?? away(target.url.host, error);
    }
    throw refused(target.url.host, 'it redirects without end');
  };
}

function authorization(bearer: string): Record<string, string> {
  return { authorization: `Bearer ${bearer}` };
}

/** What is asked for. */
interface Target {
  readonly url: URL;
  /** As one of `origins`, by its host's name, or not at all. */
  readonly known: 'origin' | 'host' | undefined;
}

/** @param base where a redirect came from */
function admitted(address: string, base: URL | undefined, options: FetcherOptions): Target {
  const { hosts, origins = [], outside = false } = options;
  if (!URL.canParse(address, base?.href)) throw refused('', 'its address is none');
  const url = new URL(address, base?.href);
  if (origins.includes(url.origin)) return { url, known: 'origin' };
  // By its own port alone: `URL` leaves that out.
  const plain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  if (plain && allows(hosts, url)) return { url, known: 'host' };
  if (!outside || !plain) throw refused(url.host, 'it is none of the platform’s own');
  if (!isPublicHost(url.hostname)) throw refused(url.host, 'it is no public address');
  return { url, known: undefined };
}

/** Hosts may take a slash or a backslash that is written by its number for one, and lead out of the path by it. */
function mayHaveToken({ url, known }: Target, bearerFor: readonly string[]): boolean {
  if (known === undefined || /%(2f|5c)/i.test(url.pathname)) return false;
  return bearerFor.some((beginning) => url.href.startsWith(beginning));
}

/** What of ours stands behind an error of `fetch`. */
function ownCauseOf(error: unknown): ImpastoError | undefined {
  if (error instanceof ImpastoError) return error;
  return error instanceof Error && error.cause !== undefined ? ownCauseOf(error.cause) : undefined;
}

function allows(hosts: readonly string[], { hostname }: URL): boolean {
  return hosts.some((host) => (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host));
}

async function taken(response: Response, { url: { host }, known }: Target, limit: number): Promise<Fetched> {
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    throw away(host, undefined, status, retryAfterMs(response));
  }
  if (!response.ok) {
    await response.body?.cancel();
    if ([401, 403, 404, 410].includes(status)) {
      throw new UserError(
        'picture-link-expired',
        'The link to the picture has expired, or the picture was deleted. Send it again.',
        { data: { host, status } },
      );
    }
    throw new UserError('picture-refused', `The picture can’t be fetched: ${host} answers ${status}.`, {
      data: { host, status },
    });
  }
  const bytes = await bodyOf(response, limit);
  const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  return { bytes, contentType: type === '' ? undefined : type, outside: known === undefined };
}

async function bodyOf(response: Response, limit: number): Promise<Buffer> {
  const declared = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (declared > limit) {
    await response.body?.cancel();
    throw fileTooLarge(declared, limit);
  }
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest of the body.
    if (size > limit) throw fileTooLarge(size, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}

function away(host: string, cause: unknown, status?: number, retryAfterMs?: number): ImpastoError {
  return new ImpastoError({
    code: 'picture-host-away',
    userMessage: `The picture can’t be fetched just now: ${host} does not answer. Try again in a little while.`,
    retryable: true,
    data: {
      host,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(systemCode(cause) === undefined ? {} : { reason: systemCode(cause) ?? '' }),
    },
    cause,
  });
}
