import multipart from '@fastify/multipart';
import statics from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';
import type { Log } from '../../queue/log.ts';
import { guard, isPage } from './guard.ts';
import { answerProblem } from './problem.ts';
import { openSession } from './session.ts';
import type { PlaygroundSettings } from './settings.ts';

/** Nothing from elsewhere, nothing inline; `blob:` is a picture that is about to be uploaded. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** What the server gives out, and to whom. */
export interface ServerOptions {
  readonly assetsFolder: string;
  /** Further hosts to answer for, without port, lower case. */
  readonly hosts: readonly string[];
  readonly settings: PlaygroundSettings;
  readonly log: Log;
}

/** A server that knows whom to answer and how to refuse, with the page but without any call of the API. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { assetsFolder, hosts, settings, log } = options;
  const app = Fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 120_000,
    return503OnClosing: false,
    // An address that cannot be read has no route, so no hook has seen it.
    frameworkErrors: (error, request, reply) => {
      reply.headers(HEADERS).header('cache-control', 'no-store');
      answerProblem(error, request, reply, log);
    },
  });

  // A form on another site can send plain text without being asked first; nothing here has a use for it.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, log));
  app.setNotFoundHandler(() => {
    throw refuse(en, 'not-found');
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    // The page is asked for anew each time, and answered by 304 where it is the same.
    reply.header('cache-control', isPage(request) ? 'no-cache' : 'no-store');
    guard(request, hosts);
    const [path] = request.url.split('?', 1);
    if (path === '/' || path === '/index.html') openSession(request, reply, settings.threadSeconds);
  });

  await app.register(multipart);
  await app.register(statics, { root: assetsFolder, cacheControl: false, dotfiles: 'ignore' });
  return app;
}
