import { messagesFor } from '../../commands/messages/language.ts';
import { progressText } from '../../commands/reply.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import { isFinal, type Progress } from '../../queue/request.ts';
import type { EventStream } from './event-stream.ts';
import type { Message, Progress as ProgressView } from './page/wire.ts';
import type { Session } from './session.ts';
import type { Threads } from './threads.ts';

/** One page that follows its thread. */
export interface LiveThread {
  readonly thread: string;
  /** Send what is new. Calls during one that runs become one more. */
  refresh(): void;
  /** Show progress, where it is of a placeholder that this page sees as open. */
  progress(progress: Progress): void;
  /** Settles when all that was asked for so far is sent. */
  settled(): Promise<void>;
}

/** Whose thread, where it is shown, and what it is read from. */
export interface LiveThreadOptions {
  readonly session: Session;
  readonly stream: EventStream;
  readonly threads: Threads;
  readonly queue: Pick<RequestQueue, 'progress'>;
  readonly lostMs: number;
  readonly log: Log;
}

/**
 * Send a thread to a page: first what it has not seen, then every change.
 * @param lastEventId what the page saw last: `<thread>-<version>`, as sent with each message
 */
export function createLiveThread(options: LiveThreadOptions, lastEventId: string | undefined): LiveThread {
  const { session, stream, threads, queue, log } = options;
  const { thread } = session;
  const messages = messagesFor(session.locale);
  /** Open placeholders by request, as this page knows them. */
  const open = new Map<string, string>();
  let seen = versionOf(lastEventId, thread);
  let greeted = false;

  async function send(): Promise<void> {
    const news = await threads.since(thread, seen);
    // On first sight a reader wants them as they stand; later, as they changed.
    const sorted = greeted ? news : [...news].sort((a, b) => a.message.order - b.message.order);
    if (!greeted) stream.send('hello', { thread, replay: seen === 0 ? 'all' : 'since' });
    // An id says that all before it was seen, so while older versions follow it must not move ahead.
    let behind = seen;
    seen = news.reduce((newest, { version }) => Math.max(newest, version), seen);
    for (const [index, { message }] of sorted.entries()) {
      const last = index === sorted.length - 1;
      if (last) behind = seen;
      stream.send('message', message, `${thread}-${behind}`);
      mark(message);
    }
    if (!greeted) stream.send('ready', {});
    const first = !greeted;
    greeted = true;
    for (const { message } of sorted) await tell(message);
    if (first) await tellOfOlder();
  }

  /** From the moment a final message is sent, no progress may follow it. */
  function mark({ id, request }: Message): void {
    if (request?.state === 'open') open.set(request.id, id);
    else if (request !== null) open.delete(request.id);
  }

  /** How an open placeholder stands just now. */
  async function tell({ id, at, request }: Message): Promise<void> {
    if (request?.state !== 'open') return;
    const now = await queue.progress(request.id);
    if (now !== undefined) return show(now);
    // A crash between the placeholder and its request leaves a placeholder that nobody will fill.
    if (Date.now() - at > options.lostMs) await closeLost(threads, thread, id, messages.lost);
  }

  /** What was sent on an earlier connection may be open still. */
  async function tellOfOlder(): Promise<void> {
    for (const { message } of await threads.since(thread, 0)) {
      if (message.request?.state !== 'open' || open.has(message.request.id)) continue;
      mark(message);
      await tell(message);
    }
  }

  function show(progress: Progress): void {
    const message = open.get(progress.request);
    const text = progressText(progress, messages);
    const { state, before, fraction } = progress;
    if (message === undefined || text === undefined || isFinal(state)) return;
    const view: ProgressView = {
      message,
      state,
      text,
      ...(before === undefined ? {} : { before }),
      ...(fraction === undefined ? {} : { fraction }),
    };
    stream.send('progress', view);
  }

  const sending = oneAtATime(async () => {
    try {
      await send();
    } catch (error) {
      // The page connects anew, and is sent what it missed.
      log.warn({ err: error }, 'A thread could not be read; its page has to ask again');
      stream.end();
    }
  });
  return { thread, progress: show, refresh: sending.ask, settled: sending.settled };
}

/** Work that is asked for any number of times: calls during one run become one more. */
function oneAtATime(work: () => Promise<void>): { ask(): void; settled(): Promise<void> } {
  let running: Promise<void> | undefined;
  let again = false;
  async function run(): Promise<void> {
    do {
      again = false;
      await work();
    } while (again);
    running = undefined;
  }
  return {
    ask: () => {
      if (running === undefined) running = run();
      else again = true;
    },
    settled: async () => running,
  };
}

/** End a placeholder that nobody will fill. */
async function closeLost(threads: Threads, thread: string, id: string, text: string): Promise<void> {
  const stored = await threads.read(thread, id);
  if (stored?.request === null || stored === undefined) return;
  const request = { ...stored.request, state: 'failed' } as const;
  await threads.close(thread, { ...stored, request, tone: 'failure', text, buttons: [] });
}

/** Zero, that is everything, for an id of another thread or of no known form. */
function versionOf(id: string | undefined, thread: string): number {
  const version = Number(id?.startsWith(`${thread}-`) ? id.slice(thread.length + 1) : 0);
  return Number.isSafeInteger(version) ? version : 0;
}
