import type { Message, Progress } from './wire.ts';

export interface EventListeners {
  /** A connection stands; with `all`, the whole thread follows. */
  hello(replay: 'all' | 'since'): void;
  message(message: Message): void;
  ready(): void;
  progress(progress: Progress): void;
  /** The connection was lost; it is being tried again. */
  away(): void;
}

/** Milliseconds between attempts once the browser itself has given up: doubled each time, up to the last. */
const PATIENCE = { first: 1_000, last: 15_000 };

/**
 * Follow the thread by server-sent events, for as long as the page lives. A dropped connection is reconnected by
 * the browser, which says what it saw last; after an error answer (a restart of the server) it gives up, and
 * this opens a new one, which replays everything.
 */
export function follow(url: string, listeners: EventListeners): void {
  let wait = PATIENCE.first;
  const open = (): void => {
    const source = new EventSource(url);
    source.addEventListener('hello', (event) => {
      const { replay }: { replay: 'all' | 'since' } = JSON.parse(event.data);
      wait = PATIENCE.first;
      listeners.hello(replay);
    });
    source.addEventListener('message', (event) => listeners.message(JSON.parse(event.data)));
    source.addEventListener('progress', (event) => listeners.progress(JSON.parse(event.data)));
    source.addEventListener('ready', () => listeners.ready());
    source.addEventListener('error', () => {
      listeners.away();
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, wait);
      wait = Math.min(wait * 2, PATIENCE.last);
    });
  };
  open();
}
