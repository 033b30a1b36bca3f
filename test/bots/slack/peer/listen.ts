import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Outgoing {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What is answered; `lost` breaks the connection off instead. */
export type Answering = (incoming: Incoming) => Promise<Outgoing | 'lost'>;

export interface Listening {
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

/**
 * Listen on a free port of the loopback interface.
 * @param failed is told what went wrong inside `answer`, which the client sees as a 500
 */
export async function listen(answer: Answering, failed: (error: unknown) => void): Promise<Listening> {
  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const outgoing = await answer({
        method: request.method ?? 'GET',
        url: new URL(request.url ?? '/', url),
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      if (outgoing === 'lost') {
        response.destroy();
        return;
      }
      response.writeHead(outgoing.status ?? 200, outgoing.headers).end(outgoing.body);
    } catch (error) {
      // A client that is gone, as a killed bot is, is no fault of the peer.
      if (!request.destroyed || request.complete) failed(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  return {
    url,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer of JSON, as Slack's API gives it. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Outgoing {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
