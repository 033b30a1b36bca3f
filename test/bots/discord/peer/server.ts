import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Fault, FaultPlan } from './faults.ts';
import type { NewFile } from './files.ts';
import { Refusal } from './refusal.ts';
import type { Spec } from './spec.ts';
import type { Twin } from './twin.ts';

/** One request of the bot's, with nothing left out. */
export interface Sent {
  readonly method: string;
  /** Below `/api/v10`, without its query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The JSON, also where it came beside files. */
  readonly body: unknown;
  readonly files: ReadonlyMap<string, NewFile>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How it was answered; nothing while it is open, or where the connection was broken. */
  status?: number;
}

export interface Call {
  readonly sent: Sent;
  readonly params: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

/** One route of the REST API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v10`. */
  readonly path: string;
  /** Whether it needs no bot token, for its own address is the secret. */
  readonly open?: boolean;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export interface ServerOptions {
  readonly token: string;
  readonly faults: FaultPlan;
  readonly spec: Spec;
  readonly twin: Twin;
  readonly routes: readonly Route[];
  readonly requests: Sent[];
  /** What the twin's answers lack. */
  readonly complete: (body: unknown) => unknown;
  /** Throws a Refusal where the bot may not ask the twin. */
  readonly admit: (path: string) => void;
  readonly problem: (sentence: string) => void;
}

const PREFIX = '/api/v10';
/** The most that any server's limit lets in, with room for the form around it. */
const BODY_LIMIT = 600 * 1024 ** 2;

/** The REST side of Discord: checks, faults, then the routes; the twin answers what they leave out. */
export function openServer(options: ServerOptions): FastifyInstance {
  const { token, faults, spec, twin, requests, problem } = options;
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 500 },
  });
  const open = new WeakMap<FastifyRequest, { sent: Sent; fault: Fault | undefined }>();

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

  server.addHook('preHandler', async (request, reply) => {
    const sent = await read(request);
    requests.push(sent);
    const fault = await faults.take(sent.method, sent.path);
    open.set(request, { sent, fault });
    if (fault !== undefined && 'broken' in fault && fault.broken === 'before') {
      reply.hijack();
      breakOff(request, fault.how);
      return;
    }
    if (fault !== undefined && 'status' in fault) {
      return reply.code(fault.status).send(fault.body ?? { message: `${fault.status}: injected`, code: 0 });
    }
    if (fault !== undefined && 'retryAfter' in fault)
      return tooMany(reply, fault.retryAfter, fault.global ?? false);
    if (!request.url.startsWith(PREFIX)) problem(`${sent.method} ${request.url} is not below ${PREFIX}`);
    if (!spec.knows(sent.method, sent.path)) problem(`${sent.method} ${sent.path} is no route of Discord's`);
    for (const one of spec.problems(sent.method, sent.path, sent.body)) {
      problem(`${sent.method} ${sent.path}: ${one}\n${JSON.stringify(sent.body)?.slice(0, 1000)}`);
    }
    for (const { bytes, name } of sent.files.values()) {
      if (bytes.byteLength === 0) problem(`${sent.method} ${sent.path} uploads an empty ${name}`);
    }
  });

  const allowed = (request: FastifyRequest): void => {
    if (request.headers.authorization !== `Bot ${token}`) throw new Refusal(401, 0, '401: Unauthorized');
  };
  for (const { method, path, open: isOpen, handle } of options.routes) {
    server.route({
      method,
      url: `${PREFIX}${path}`,
      handler: async (request, reply) => {
        if (isOpen !== true) allowed(request);
        const one = open.get(request);
        if (one === undefined) throw new Error('a request is read before it is handled');
        const answer = await handle({ sent: one.sent, params: parameters(request.params) });
        return reply.code(answer.status ?? (answer.body === undefined ? 204 : 200)).send(answer.body);
      },
    });
  }
  server.setNotFoundHandler(async (request, reply) => {
    allowed(request);
    const one = open.get(request);
    if (one === undefined) throw new Error('a request is read before it is handled');
    options.admit(one.sent.path);
    const query = new URLSearchParams(one.sent.query).toString();
    const path = `/v10${one.sent.path}${query === '' ? '' : `?${query}`}`;
    const { status, body } = await twin.ask(one.sent.method, path, one.sent.body);
    // Discord's own errors have a code: without one, the twin has no such route.
    if (status === 404 && !(typeof body === 'object' && body !== null && 'code' in body)) {
      problem(`the peer has no ${one.sent.method} ${one.sent.path}`);
    }
    return reply.code(status).send(options.complete(body));
  });
  server.setErrorHandler((error, request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(error.body);
    if (error instanceof z.ZodError) {
      problem(`${request.method} ${request.url}: ${error.message}`);
      return reply.code(400).send({ message: 'Invalid Form Body', code: 50035 });
    }
    problem(
      `the peer failed at ${request.method} ${request.url}: ${error instanceof Error ? error.stack : error}`,
    );
    return reply.code(500).send({ message: '500: Internal Server Error', code: 0 });
  });
  server.addHook('onSend', async (request, reply) => {
    const one = open.get(request);
    if (one?.fault !== undefined && 'broken' in one.fault) {
      reply.hijack();
      breakOff(request, one.fault.how);
      return;
    }
    if (one !== undefined) one.sent.status = reply.statusCode;
    if (reply.hasHeader('x-ratelimit-limit')) return;
    reply.headers({
      'x-ratelimit-limit': '50',
      'x-ratelimit-remaining': '49',
      'x-ratelimit-reset-after': '1.000',
      'x-ratelimit-reset': (Date.now() / 1000 + 1).toFixed(3),
      'x-ratelimit-bucket': bucketOf(request),
    });
  });
  return server;
}

function breakOff({ raw }: FastifyRequest, how: 'reset' | 'closed' = 'reset'): void {
  if (how === 'reset') raw.socket.resetAndDestroy();
  else raw.socket.destroy();
}

function bucketOf(request: FastifyRequest): string {
  return Buffer.from(`${request.method}${request.routeOptions.url ?? request.url}`)
    .toString('hex')
    .slice(0, 64);
}

function tooMany(reply: FastifyReply, seconds: number, global: boolean): FastifyReply {
  const retryAfter = Math.max(seconds, 0.001);
  return reply
    .code(429)
    .headers({
      'retry-after': String(Math.ceil(retryAfter)),
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': retryAfter.toFixed(3),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global ? { 'x-ratelimit-global': 'true' } : {}),
    })
    .send({ message: 'You are being rate limited.', retry_after: retryAfter, global });
}

async function read(request: FastifyRequest): Promise<Sent> {
  const url = new URL(request.url, 'http://api');
  const path = decodeURIComponent(url.pathname).replace(/^\/api\/v\d+/, '');
  const { body, files } = await readBody(request);
  return {
    method: request.method,
    path,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body,
    files,
    at: Date.now(),
  };
}

async function readBody(request: FastifyRequest): Promise<{ body: unknown; files: Map<string, NewFile> }> {
  const files = new Map<string, NewFile>();
  const type = request.headers['content-type'] ?? '';
  if (!Buffer.isBuffer(request.body) || request.body.byteLength === 0) return { body: undefined, files };
  if (!type.startsWith('multipart/form-data')) return { body: JSON.parse(request.body.toString()), files };
  const form = await new Response(request.body, { headers: { 'content-type': type } }).formData();
  for (const [key, value] of form) {
    const number = /^files\[(\d+)\]$/.exec(key)?.[1];
    if (typeof value === 'string' || number === undefined) continue;
    const told = value.type !== '' && value.type !== 'application/octet-stream';
    const contentType = told ? value.type : undefined;
    files.set(number, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()), contentType });
  }
  const json = form.get('payload_json');
  return { body: typeof json === 'string' ? JSON.parse(json) : {}, files };
}

function parameters(given: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given ?? {}).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}
