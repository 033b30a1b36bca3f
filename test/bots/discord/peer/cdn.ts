import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fastify from 'fastify';
import type { StoredFile, World } from './world.ts';

/** How the CDN treats the next requests for a file. */
export type Delivery =
  /** A page instead of the file, with 200. */
  | 'html'
  /** The first half, then the connection breaks. */
  | 'half'
  | { readonly status: number }
  /** Headers at once, the file's bytes spread over that time. */
  | { readonly slowMs: number };

/** Where files lie. Their addresses hold a signature and an end, as Discord's do. */
export interface Cdn {
  readonly url: string;
  /** An address that works now. */
  sign(file: StoredFile): string;
  /** The file that an address means, whether or not it still works. */
  fileAt(address: string): StoredFile | undefined;
  /** Let no address that was given out so far work any longer. */
  expireAll(): void;
  /** Treat requests for this file (by name or id) so, until it is set to undefined. */
  deliver(file: string, how: Delivery | undefined): void;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface CdnOptions {
  readonly world: World;
  readonly port: number;
  /** How long an address works, in seconds. */
  readonly linkSeconds: number;
  readonly problem: (sentence: string) => void;
}

const GONE = 'This content is no longer available.';

export async function startCdn({ world, port, linkSeconds, problem }: CdnOptions): Promise<Cdn> {
  const server = fastify({ forceCloseConnections: true });
  const key = randomBytes(32);
  const treatments = new Map<string, Delivery>();
  const asked: string[] = [];
  const byPath = new Map<string, StoredFile>();
  let era = 0;

  const seal = (path: string, ends: string, issued: string): string =>
    createHmac('sha256', key).update(`${era} ${path} ${ends} ${issued}`).digest('hex');

  server.addHook('onRequest', async (request) => {
    asked.push(request.url);
    if (request.headers.authorization !== undefined) problem(`the CDN was sent a token, for ${request.url}`);
  });
  server.get('/*', async (request, reply) => {
    const url = new URL(request.url, 'http://cdn');
    const path = decodeURIComponent(url.pathname).replace(/^\/media/, '');
    const picture = pictureAt(world, path);
    if (picture !== undefined) return reply.type('image/png').send(Buffer.from(picture));
    const file = byPath.get(path) ?? findFile(world, path);
    if (file === undefined) return reply.code(404).type('text/plain').send(GONE);
    const { ex = '', is = '', hm = '' } = Object.fromEntries(url.searchParams);
    const fresh = hm === seal(path, ex, is) && Number.parseInt(ex, 16) * 1000 > Date.now();
    if (!fresh) return reply.code(404).type('text/plain').send(GONE);
    const how = treatments.get(file.id) ?? treatments.get(file.name);
    if (how === 'html') return reply.type('text/html').send('<!doctype html><title>Discord</title>');
    if (typeof how === 'object' && 'status' in how) return reply.code(how.status).send('');
    if (how === undefined) return reply.type(file.contentType).send(Buffer.from(file.bytes));
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': file.contentType, 'content-length': file.bytes.byteLength });
    const middle = Math.floor(file.bytes.byteLength / 2);
    reply.raw.write(file.bytes.subarray(0, middle));
    if (how === 'half') {
      await wait(20);
      return reply.raw.destroy();
    }
    await wait(how.slowMs);
    return reply.raw.end(file.bytes.subarray(middle));
  });

  const url = await server.listen({ host: '127.0.0.1', port });
  return {
    url,
    asked,
    sign(file) {
      byPath.set(file.path, file);
      const now = Math.floor(Date.now() / 1000);
      const ex = (now + linkSeconds).toString(16);
      const is = now.toString(16);
      return `${url}${encodeURI(file.path)}?ex=${ex}&is=${is}&hm=${seal(file.path, ex, is)}&`;
    },
    fileAt(given) {
      const path = URL.canParse(given) ? decodeURIComponent(new URL(given).pathname) : given;
      return byPath.get(path) ?? findFile(world, path);
    },
    expireAll() {
      era += 1;
    },
    deliver(file, how) {
      if (how === undefined) treatments.delete(file);
      else treatments.set(file, how);
    },
    close: () => server.close(),
  };
}

function findFile(world: World, path: string): StoredFile | undefined {
  const [, , , id = ''] = path.split('/');
  const file = world.files.get(id);
  return file?.path === path ? file : undefined;
}

/** Avatars and stickers, whose addresses never end. */
function pictureAt(world: World, path: string): Uint8Array | undefined {
  const [, kind, id = ''] = path.split('/');
  if (kind === 'avatars') return world.users.get(id)?.avatar;
  if (kind === 'stickers') return world.stickers.get(id.replace(/\.\w+$/, ''));
  if (kind === 'external') return world.external.get(id);
  return undefined;
}
