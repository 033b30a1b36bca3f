import { createHash, timingSafeEqual } from 'node:crypto';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { inferenceJob } from '../queue/formats.ts';

/** A board on which the queues' jobs can be looked at, and nothing be changed. */
export interface Board {
  /** To be registered under `path`. */
  readonly plugin: FastifyPluginAsync;
  /** Show this queue too. */
  add(queue: Queue): void;
}

/** The one user there is. */
export const BOARD_USER = 'impasto';

/** The library's page would fetch fonts from elsewhere; what it needs is here. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A board behind HTTP Basic. Of a job it shows ids, the network and its options, and how large the picture is. */
export function createBoard(path: string, password: string): Board {
  const server = new FastifyAdapter().setBasePath(path);
  const { addQueue } = createBullBoard({
    queues: [],
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Impasto' } },
  });
  const opens = loginOf(password);

  return {
    plugin: async (app) => {
      app.addHook('onRequest', async (request, reply) => {
        reply
          .header('cache-control', 'no-store')
          .header('content-security-policy', CONTENT_SECURITY_POLICY)
          .header('referrer-policy', 'no-referrer')
          .header('x-content-type-options', 'nosniff');
        if (!opens(request)) return refuse(reply);
        // The library has its own mind of what only reads; by these methods nothing can be changed.
        if (request.method !== 'GET' && request.method !== 'HEAD') {
          return reply
            .code(405)
            .header('allow', 'GET, HEAD')
            .type('text/plain')
            .send('Nothing can be changed.\n');
        }
      });
      await app.register(server.registerPlugin());
    },
    add: (queue) => {
      const adapter = new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false });
      adapter.setFormatter('data', shownOf);
      addQueue(adapter);
    },
  };
}

/** What may be seen of a job's data. */
function shownOf(data: unknown): unknown {
  const parsed = inferenceJob.safeParse(data);
  if (!parsed.success) return data;
  const { source, task } = parsed.data;
  const { contentType, width, height, bytes } = source;
  return { ...task, picture: { contentType, width, height, bytes } };
}

function loginOf(password: string): (request: FastifyRequest) => boolean {
  const own = digest(`Basic ${Buffer.from(`${BOARD_USER}:${password}`).toString('base64')}`);
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), own);
}

/** Equally long, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply
    .code(401)
    .header('www-authenticate', 'Basic realm="Impasto", charset="UTF-8"')
    .type('text/plain')
    .send(`Log in as “${BOARD_USER}”, with BOARD_PASSWORD.\n`);
}
