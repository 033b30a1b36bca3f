import type {
  Catalogue,
  Message,
  Picture,
  Progress,
  Sample,
} from '../../../src/bots/playground/page/wire.ts';
import { eventually } from '../../queue/support.ts';
import { photo } from './support.ts';

/** All that any answer may hold, at its word: a test that looks for what is not there fails by that. */
export interface Answered extends Catalogue {
  readonly ok: boolean;
  readonly message: string;
  readonly replies: readonly string[];
  readonly cancelled: boolean;
  readonly picture: Picture;
  readonly samples: readonly Sample[];
  readonly error: { readonly code: string; readonly message: string; readonly incident?: string };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answered;
  /** What came, where it was not JSON. */
  readonly bytes: Buffer;
}

/** The id of the first message that answers. */
export async function replyTo(answer: Promise<Answer>): Promise<string> {
  return (await answer).body.replies[0] ?? '';
}

/** An event of the stream, with the id that the browser would send back. */
export type ServerEvent = { readonly id: string | null } & (
  | { readonly event: 'hello'; readonly data: { readonly thread: string; readonly replay: 'all' | 'since' } }
  | { readonly event: 'message'; readonly data: Message }
  | { readonly event: 'ready'; readonly data: object }
  | { readonly event: 'progress'; readonly data: Progress }
);

/** A page's event stream, as a browser keeps it. */
export interface Following {
  readonly events: readonly ServerEvent[];
  /** The thread as the page would show it. */
  thread(): readonly Message[];
  /** A message of the thread, once it is there. */
  message(id: string): Promise<Message>;
  /** The same, once its request is no longer open. */
  settled(id: string): Promise<Message>;
  progress(): readonly Progress[];
  lastEventId(): string | undefined;
  /** True once the server has ended the stream. */
  ended(): boolean;
  leave(): void;
}

/** A browser on the playground's page, with its cookie. */
export interface Visitor {
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  /** Anything else, with the cookie. */
  raw(path: string, init: RequestInit): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  upload(bytes: Buffer, fileName?: string): Promise<Answer>;
  /** Attach a new picture that the server takes. */
  picture(red?: number): Promise<Picture>;
  say(text: string, pictures?: readonly string[], key?: string): Promise<Answer>;
  follow(lastEventId?: string): Promise<Following>;
}

/** Open the page at `url`, with the cookie of an earlier visit or a new one. */
export async function visit(url: string, earlier?: string): Promise<Visitor> {
  const page = await fetch(url, earlier === undefined ? {} : { headers: { cookie: earlier } });
  await page.text();
  const cookie = earlier ?? page.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const at = (path: string) => new URL(path, url);

  async function call(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(at(path), { ...init, headers: { cookie, ...init.headers } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const json = response.headers.get('content-type')?.startsWith('application/json');
    const body: Answered = JSON.parse(json ? bytes.toString() : '{}');
    return { status: response.status, headers: response.headers, body, bytes };
  }
  const post: Visitor['post'] = (path, body, headers) =>
    call(path, {
      method: 'POST',
      ...(body === undefined
        ? { headers: { ...headers } }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
    });
  const upload: Visitor['upload'] = (bytes, fileName = 'photo.jpg') => {
    const form = new FormData();
    form.append('picture', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), fileName);
    return call('/api/pictures', { method: 'POST', body: form });
  };

  return {
    cookie,
    get: (path) => call(path),
    raw: call,
    post,
    upload,
    picture: async (red) => (await upload(await photo(red))).body.picture,
    say: (text, pictures = [], key) => post('/api/messages', { text, pictures, key }),
    follow: (lastEventId) => follow(at('/api/events'), cookie, lastEventId),
  };
}

async function follow(url: URL, cookie: string, lastEventId: string | undefined): Promise<Following> {
  const stop = new AbortController();
  const headers = { cookie, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
  const response = await fetch(url, { headers, signal: stop.signal });
  if (response.body === null) throw new Error(`no stream: ${response.status}`);
  const events: ServerEvent[] = [];
  let ended = false;
  read(response.body, events).then(
    () => {
      ended = true;
    },
    (error: unknown) => {
      ended = true;
      // A server that breaks off in the middle fails the whole run, as an unhandled rejection.
      if (!stop.signal.aborted) throw error;
    },
  );
  await eventually(() => ended || events.some(({ event }) => event === 'ready'));
  const thread = (): Message[] => {
    const messages = events.flatMap(({ event, data }) => (event === 'message' ? [data] : []));
    const byId = new Map(messages.map((message) => [message.id, message]));
    return [...byId.values()].sort((a, b) => a.order - b.order);
  };
  const message = (id: string, holds: (found: Message) => boolean = () => true): Promise<Message> =>
    eventually(() => thread().find((each) => each.id === id && holds(each)));
  return {
    events,
    thread,
    message: (id) => message(id),
    settled: (id) => message(id, ({ request }) => request?.state !== 'open'),
    progress: () => events.flatMap(({ event, data }) => (event === 'progress' ? [data] : [])),
    lastEventId: () => events.findLast(({ id }) => id !== null)?.id ?? undefined,
    ended: () => ended,
    leave: () => stop.abort(),
  };
}

/** Events as WHATWG HTML 9.2.6 interprets them, without what the playground does not send. */
async function read(body: ReadableStream<Uint8Array>, events: ServerEvent[]): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line): [string, string] => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
        }),
      );
      const data = fields.get('data');
      if (data === undefined) continue;
      const about = JSON.stringify({ id: fields.get('id') ?? null, event: fields.get('event') });
      events.push(JSON.parse(`${about.slice(0, -1)},"data":${data}}`));
    }
  }
}
