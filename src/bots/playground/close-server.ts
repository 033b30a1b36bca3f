import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Prepare a server to be closed; call before it listens. The function returned takes no more connections, lets
 * answers under way go out for `graceMs` at the most, then cuts off what is still connected.
 *
 * Node by itself would wait for every connection that has not yet asked for anything, and browsers open such
 * ones in advance.
 */
export function closeSoon(app: FastifyInstance, graceMs: number): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  let quiet: () => void = () => undefined;
  app.server.on('request', (_request, response: ServerResponse) => {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      if (underWay.size === 0) quiet();
    });
  });

  return async () => {
    const closed = app.close();
    await new Promise<void>((settle) => {
      const patience = setTimeout(settle, graceMs);
      quiet = () => {
        clearTimeout(patience);
        settle();
      };
      if (underWay.size === 0) quiet();
    });
    app.server.closeAllConnections();
    await closed;
  };
}
