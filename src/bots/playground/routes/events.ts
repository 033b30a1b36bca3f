import type { FastifyInstance } from 'fastify';
import { openEventStream } from '../event-stream.ts';
import type { LiveThreads } from '../live-threads.ts';
import { openSession } from '../session.ts';
import type { PlaygroundSettings } from '../settings.ts';
import type { Threads } from '../threads.ts';

/** What a connected page follows. */
export interface EventRouteOptions {
  readonly live: LiveThreads;
  readonly threads: Threads;
  readonly settings: PlaygroundSettings;
}

/** `GET /api/events`: the thread, and everything that happens in it. */
export function eventRoutes(app: FastifyInstance, { live, threads, settings }: EventRouteOptions): void {
  app.get('/api/events', async (request, reply) => {
    const session = openSession(request, reply, settings.threadSeconds);
    await threads.renew(session.thread);
    const last = request.headers['last-event-id'];
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    const stream = openEventStream(reply.raw, settings.heartbeatMs);
    await live.join(session, stream, typeof last === 'string' ? last : undefined);
  });
}
