import type { Catalogue, Picture, Sample } from './wire.ts';

/**
 * A call that did not do what was asked. `message` is a sentence for the reader, as the server wrote it; `code`
 * is the server's, or `server-away` where no answer came. (The server's own error base stays on the server.)
 */
export class ApiFailure extends Error {
  override readonly name: string = 'ApiFailure';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export interface Draft {
  /** New for each message, the same when a message is sent again. */
  readonly key: string;
  readonly text: string;
  /** Ids from `upload`, `takeSample`, or of pictures in the thread. */
  readonly pictures: readonly string[];
}

/** Every method throws ApiFailure. */
export interface Api {
  catalogue(): Promise<Catalogue>;
  samples(): Promise<readonly Sample[]>;
  upload(file: File, signal: AbortSignal): Promise<Picture>;
  takeSample(name: string, signal: AbortSignal): Promise<Picture>;
  send(draft: Draft): Promise<void>;
  react(message: string, picture: string, emoji: string): Promise<void>;
  /** False where the request was no longer open. */
  cancel(request: string): Promise<boolean>;
}

/** Speaks the playground's API (docs/playground.md) to the server that the page came from. */
export function createApi(): Api {
  return {
    catalogue: () => call<Catalogue>('/api/commands'),
    samples: async () => (await call<{ samples: readonly Sample[] }>('/api/samples')).samples,
    upload: async (file, signal) => {
      const form = new FormData();
      form.append('picture', file, file.name);
      return picture(call('/api/pictures', { method: 'POST', body: form, signal }));
    },
    takeSample: (sample, signal) => picture(call('/api/pictures', { ...json({ sample }), signal })),
    send: async (draft) => {
      await call('/api/messages', json(draft));
    },
    react: async (message, picture, emoji) => {
      await call('/api/reactions', json({ key: newKey(), message, picture, emoji }));
    },
    cancel: async (request) => {
      const path = `/api/requests/${encodeURIComponent(request)}/cancel`;
      return (await call<{ cancelled: boolean }>(path, { method: 'POST' })).cancelled;
    },
  };
}

/** A key that the server has not seen. `crypto.randomUUID` is absent on plain http away from localhost. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** The sentence to show for whatever a call threw. */
export function sentence(thrown: unknown): string {
  if (thrown instanceof ApiFailure) return thrown.message;
  console.error(thrown);
  return 'Something in this page went wrong. Load it again, then try once more.';
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function picture(answer: Promise<{ picture: Picture }>): Promise<Picture> {
  return (await answer).picture;
}

async function call<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw new ApiFailure('aborted', 'This was called off.', cause);
    throw new ApiFailure(
      'server-away',
      'The playground cannot be reached. Nothing is lost: try again soon.',
      cause,
    );
  }
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, message, incident } = told(body);
  const said = message ?? `The playground answered with an error (${response.status}). Try again soon.`;
  const named = incident === undefined || said.includes(incident) ? said : `${said} (Incident ${incident})`;
  return new ApiFailure(code ?? 'internal', named);
}

/** An error may come from a proxy between page and server, so this one body is not taken at its word. */
function told(body: unknown): { code?: string; message?: string; incident?: string } {
  if (!isRecord(body) || !isRecord(body.error)) return {};
  const texts = Object.entries(body.error).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
