import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Attempt, Failure, Transport } from './deliveries.ts';
import { secret } from './ids.ts';
import { type Json, readJson, textAt } from './json.ts';
import type { Clocks } from './world.ts';

/** Socket Mode: envelopes over the bot's own connections. */
export interface SocketTransport extends Transport {
  /** The address for one connection, as `apps.connections.open` gives it. */
  ticket(): string;
  /** How many connections stand. */
  connections(): number;
  /** Every envelope that the bot acknowledged, in order. */
  readonly acks: readonly string[];
  /** Break all connections off, without a word. */
  drop(): void;
  /** Ask the bot to connect anew, as Slack does before it moves a connection. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly socket: WebSocket;
  readonly settle: (answer: unknown, failure?: Failure) => void;
}

const PING_MS = 5_000;

export function createSocketTransport(
  server: Server,
  baseUrl: string,
  appId: string,
  clocks: Clocks,
  problem: (sentence: string) => void,
): SocketTransport {
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  const acks: string[] = [];
  const upgrading = new WebSocketServer({ noServer: true });
  let turn = 0;

  server.on('upgrade', (request, stream, head) => {
    const ticket = new URL(request.url ?? '/', baseUrl).searchParams.get('ticket') ?? '';
    // A ticket is good for one connection.
    if (!tickets.delete(ticket)) {
      stream.end('HTTP/1.1 408 Request Timeout\r\n\r\n');
      return;
    }
    upgrading.handleUpgrade(request, stream, head, welcome);
  });

  function welcome(socket: WebSocket): void {
    sockets.push(socket);
    const pinging = setInterval(() => socket.ping(), PING_MS);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pinging);
      sockets.splice(sockets.indexOf(socket), 1);
      for (const [, each] of waiting) if (each.socket === socket) each.settle(undefined, 'connection_failed');
    });
    socket.on('message', (data) => acknowledge(readJson(String(data))));
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: sockets.length,
        debug_info: { host: 'applink-peer', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: appId },
      }),
    );
  }
  function acknowledge(message: Json): void {
    const id = textAt(message, 'envelope_id');
    if (id === '')
      problem(`the bot sent a socket message without an envelope_id: ${JSON.stringify(message)}`);
    acks.push(id);
    waiting.get(id)?.settle(message.payload);
  }

  return {
    acks,
    connections: () => sockets.length,
    ticket() {
      const ticket = secret();
      tickets.add(ticket);
      const url = new URL(`/link/?ticket=${ticket}&app_id=${appId}`, baseUrl);
      url.protocol = 'ws:';
      return url.href;
    },
    send(kind, payload, retry) {
      const at = Date.now();
      turn += 1;
      const socket = sockets[turn % Math.max(sockets.length, 1)];
      const failed: Attempt = { at, ackMs: undefined, answer: undefined, failure: 'connection_failed' };
      if (socket === undefined) return Promise.resolve(failed);
      const id = randomUUID();
      return new Promise((resolve) => {
        const settle: Waiting['settle'] = (answer, failure) => {
          clearTimeout(timer);
          waiting.delete(id);
          const ackMs = failure === undefined ? Date.now() - at : undefined;
          resolve({ at, ackMs, answer, failure });
        };
        const timer = setTimeout(() => settle(undefined, 'timeout'), clocks.ackMs);
        waiting.set(id, { socket, settle });
        socket.send(
          JSON.stringify({
            envelope_id: id,
            payload,
            type: kind,
            accepts_response_payload: kind !== 'events_api',
            ...(kind === 'events_api' ? { retry_attempt: retry.num, retry_reason: retry.reason ?? '' } : {}),
          }),
        );
      });
    },
    drop() {
      for (const socket of [...sockets]) socket.terminate();
    },
    disconnect(reason) {
      for (const socket of sockets) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-peer' } }));
      }
    },
    async close() {
      for (const [, each] of waiting) each.settle(undefined, 'connection_failed');
      await Promise.all(sockets.map(ended));
      await new Promise<void>((resolve) => {
        upgrading.close(() => resolve());
      });
    },
  };
}

/** A connection that its client is closing is let go in peace, so that the client sees no fault. */
function ended(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), 500);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (socket.readyState === socket.OPEN) socket.terminate();
  });
}
