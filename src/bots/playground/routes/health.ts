import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';

/** `GET /healthz`: whether this process can do its work, for whatever watches over it. */
export function healthRoutes(app: FastifyInstance, redis: Redis): void {
  app.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    // Whatever the reason, Redis's own log line says it; here only the fact counts.
    const ok = await redis.ping().then(
      () => true,
      () => false,
    );
    reply.code(ok ? 200 : 503);
    return { ok };
  });
}
