import type { ServerResponse } from 'node:http';

/** What may lie unread on a connection before it counts as dead; the browser then connects anew. */
const MOST_UNREAD = 1024 ** 2;

/** The writing end of one connection of server-sent events (WHATWG HTML, section 9.2). */
export interface EventStream {
  /** @param id what the browser sends back as `Last-Event-ID` after the connection broke */
  send(event: string, data: unknown, id?: string): void;
  /** End it; the browser comes back after a while. */
  end(): void;
  readonly ended: Promise<void>;
}

/** Begin a stream on a response that nothing was written to. A comment every `heartbeatMs` keeps it alive. */
export function openEventStream(response: ServerResponse, heartbeatMs: number): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that would gather the events otherwise (nginx) let them pass one by one.
    'x-accel-buffering': 'no',
  });
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > MOST_UNREAD) response.destroy();
  };
  write('retry: 2000\n\n');
  const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
  const ended = new Promise<void>((settle) => {
    response.once('close', () => {
      clearInterval(heartbeat);
      settle();
    });
  });
  return {
    ended,
    // JSON holds no bare line breaks, so data is always one line.
    send: (event, data, id) =>
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => void response.end(),
  };
}
