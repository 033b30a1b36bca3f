import fastify from 'fastify';
import type { Artefacts } from '../queue/contract.ts';
import type { Log } from '../queue/log.ts';
import type { Links } from './links.ts';

/** Serves what links stand for. */
export interface LinkServer {
  /** `http://host:port`, as it listens. */
  readonly address: string;
  close(): Promise<void>;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/**
 * Serve `GET /pictures/<token>`: the picture under a name of its own, never to be kept by what lies between, nor to be
 * found by a search engine. Whatever is wrong with a link, the answer is the same 404.
 *
 * @throws Error of the system where it cannot listen
 */
export async function startLinkServer(options: {
  readonly links: Links;
  readonly artefacts: Pick<Artefacts, 'get' | 'owners'>;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly log: Log;
}): Promise<LinkServer> {
  const { links, artefacts, log } = options;
  const app = fastify({ logger: false, forceCloseConnections: true, routerOptions: { maxParamLength: 200 } });
  app.setErrorHandler((error, _request, reply) => {
    log.error({ err: error }, 'A link could not be served');
    return reply.code(500).type('text/plain').send('Something went wrong. Try again in a little while.\n');
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('This link has expired, or never was one.\n'),
  );
  app.get<{ Params: { token: string } }>('/pictures/:token', async (request, reply) => {
    const hash = await links.read(request.params.token, artefacts.owners);
    const stored = hash === undefined ? undefined : await artefacts.get(hash);
    if (stored === undefined) return reply.callNotFound();
    const { contentType } = stored.info;
    const name = `impasto-${stored.info.hash.slice(0, 8)}.${ENDINGS[contentType] ?? 'bin'}`;
    return reply
      .header('cache-control', 'private, no-store')
      .header('x-robots-tag', 'noindex')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'")
      .header('referrer-policy', 'no-referrer')
      .header('content-disposition', `inline; filename="${name}"`)
      .type(contentType)
      .send(stored.bytes);
  });
  const address = await app.listen({ host: options.host, port: options.port });
  return { address, close: () => app.close() };
}
