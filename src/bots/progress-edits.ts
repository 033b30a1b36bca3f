import { messagesFor } from '../commands/messages/language.ts';
import { progressText } from '../commands/reply.ts';
import type { CommandRequest } from '../commands/request.ts';
import type { RequestQueue } from '../queue/contract.ts';
import type { EditTurns } from '../queue/edit-turns.ts';
import type { Log } from '../queue/log.ts';
import { isFinal, type Json, type Progress } from '../queue/request.ts';
import { PROGRESS_INTERVAL_MS } from './adapter.ts';

/** What an adapter needs to put progress into a placeholder. */
export interface ProgressEdit {
  readonly request: CommandRequest;
  /** Undefined once it has expired. */
  readonly place: Json | undefined;
  readonly notes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Where news of progress come from, and who makes edits of them. */
export interface ProgressEditsOptions {
  readonly platform: string;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'get' | 'place' | 'notes' | 'onProgress'>;
  readonly turns: EditTurns;
  readonly log: Log;
  readonly edit: (what: ProgressEdit) => Promise<void>;
  /** Least time between two edits of one placeholder. */
  readonly intervalMs?: number;
}

/** One request's placeholder, as this process knows it. */
interface Watched {
  newest: Progress;
  said: string;
  /** Set while an edit is on its way or the interval has not passed. */
  resting: boolean;
  /** There is news since the last look. */
  stale: boolean;
}

/**
 * Edit placeholders while their requests are open. Of what comes within the interval the newest is said; an edit that
 * fails is dropped, for the next one says more. Whichever process has the turn edits, and none after the outcome.
 */
export async function startProgressEdits(options: ProgressEditsOptions): Promise<{ close(): Promise<void> }> {
  const { platform, queue, turns, log, edit, intervalMs = PROGRESS_INTERVAL_MS } = options;
  const watched = new Map<string, Watched>();
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;

  function hear(progress: Progress): void {
    const { request, state } = progress;
    if (isFinal(state)) {
      watched.delete(request);
      return;
    }
    const one = watched.get(request) ?? { newest: progress, said: '', resting: false, stale: true };
    one.newest = progress;
    one.stale = true;
    watched.set(request, one);
    if (!one.resting) void say(request, one);
  }

  async function say(id: string, one: Watched): Promise<void> {
    one.resting = true;
    one.stale = false;
    try {
      // Where another process has just edited, what is news now is still to be said.
      if (!(await turns.progress(id, () => tell(id, one)))) one.stale = true;
    } catch (error) {
      log.info({ request: id, err: error }, 'An edit of progress was dropped');
    }
    if (closed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      one.resting = false;
      if (watched.get(id) === one && one.stale) void say(id, one);
    }, intervalMs);
    timers.add(timer);
  }

  async function tell(id: string, one: Watched): Promise<void> {
    const [request, place, notes] = await Promise.all([queue.get(id), queue.place(id), queue.notes(id)]);
    if (request === undefined) return;
    const text = progressText(one.newest, messagesFor(request.person.locale), request);
    if (text === undefined || text === one.said) return;
    await edit({ request, place, notes, text });
    one.said = text;
  }

  const unsubscribe = await queue.onProgress(platform, hear);
  return {
    close: async () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      await unsubscribe();
    },
  };
}
