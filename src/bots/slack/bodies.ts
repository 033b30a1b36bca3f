import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';

/** Slack's own requests are far smaller. */
const MOST_BYTES = 4 * 1024 ** 2;

/**
 * A listener before bolt's that lets through only what bolt can read: a body that is `null` would end the process, signed
 * or not. What it has read it hands on as `rawBody`, which bolt takes in place of the stream.
 * @param failed answers what bolt's listener throws
 */
export function readable(
  listener: RequestListener,
  failed: (error: unknown, response: ServerResponse) => void,
): RequestListener {
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rawBody = await bodyOf(request);
    if (rawBody === undefined) return refuse(response, 413);
    if (isNull(rawBody, request.headers['content-type'])) return refuse(response, 400);
    return listener(Object.assign(request, { rawBody }), response);
  }
  return (request, response) => {
    if (request.method !== 'POST') return listener(request, response);
    take(request, response).catch((error: unknown) => failed(error, response));
  };
}

/** Undefined where it is too large. @throws Error where it breaks off */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Bolt finds out by itself what is no JSON at all. */
function isNull(body: Buffer, contentType: string | undefined): boolean {
  const text = body.toString();
  const { payload } = contentType === 'application/x-www-form-urlencoded' ? parse(text) : { payload: text };
  return typeof payload === 'string' && payload.trim() === 'null';
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end();
}
