import fastify from 'fastify';
import { ImpastoError, systemCode } from '../errors.ts';
import type { Log } from '../queue/log.ts';
import type { Board } from './board.ts';
import type { Metrics } from './metrics.ts';

/** Something that must hold for the process to do its work. */
export type Check = () => boolean | Promise<boolean>;

/** Serves how a process is. */
export interface WatchServer {
  /** `http://host:port`, as it listens. */
  readonly address: string;
  close(): Promise<void>;
}

/** Where the board is. */
export const BOARD_PATH = '/board';

/** A check that takes longer has failed. */
const CHECK_MS = 2_000;

/**
 * Serve `/healthz` (the process lives), `/readyz` (all checks hold), `/metrics` for Prometheus, and the board where
 * there is one.
 * @param options.checks by name, read anew at each question
 * @param options.port 0 for any that is free
 * @throws ImpastoError `metrics-port-unusable`
 */
export async function startWatchServer(options: {
  readonly host: string;
  readonly port: number;
  readonly checks: ReadonlyMap<string, Check>;
  readonly metrics: Metrics;
  readonly board: Board | undefined;
  readonly log: Log;
}): Promise<WatchServer> {
  const { host, port, checks, metrics, board, log } = options;
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) => {
    log.error({ err: error }, 'A question about this process could not be answered');
    return reply.code(500).type('text/plain').send('Something went wrong; the log tells what.\n');
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('There is /healthz, /readyz and /metrics.\n'),
  );
  app.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { ok: true };
  });
  app.get('/readyz', async (_request, reply) => {
    const held = await Promise.all(
      [...checks].map(async ([name, check]) => [name, await holds(check)] as const),
    );
    const ok = held.every(([, held]) => held);
    reply.header('cache-control', 'no-store').code(ok ? 200 : 503);
    return { ok, checks: Object.fromEntries(held) };
  });
  app.get('/metrics', async (_request, reply) => {
    reply.header('cache-control', 'no-store').type(metrics.contentType);
    return metrics.text();
  });
  if (board !== undefined) await app.register(board.plugin, { prefix: BOARD_PATH });
  try {
    const address = await app.listen({ host, port });
    return { address, close: () => app.close() };
  } catch (cause) {
    const code = systemCode(cause);
    await app.close();
    if (code === undefined) throw cause;
    throw new ImpastoError({
      code: 'metrics-port-unusable',
      userMessage: `METRICS_PORT ${port} on ${host} can't be listened on (${code}). Set METRICS_PORT to a free port, another for each process, and METRICS_HOST to an address of this machine.`,
      data: { host, port, errno: code },
      cause,
    });
  }
}

/** Whatever a check throws, what counts here is that it does not hold: its own part of the program logs why. */
async function holds(check: Check): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((settle) => {
    late = setTimeout(() => settle(false), CHECK_MS);
  });
  try {
    return await Promise.race([Promise.resolve(check()), limit]);
  } catch {
    return false;
  } finally {
    clearTimeout(late);
  }
}
