import type { Message, Picture, Progress } from './wire.ts';

/** What changed, for whoever draws the thread. */
export interface StateListener {
  /** New, or other than before; draw it after `after` (first of all where that is undefined). */
  put(message: Message, after: string | undefined): void;
  remove(id: string): void;
  progress(progress: Progress): void;
}

/** The thread as the page knows it: messages sorted by `order`, without repeats. Knows nothing of the DOM. */
export interface State {
  /** A replay of the whole thread begins: what it does not name is gone when `replayed` is called. */
  replaying(): void;
  replayed(): void;
  put(message: Message): void;
  /** Ignored where the placeholder is no longer open: its final message wins. */
  progress(progress: Progress): void;
  messages(): readonly Message[];
  get(id: string): Message | undefined;
  /** The picture that a command without one would take: the person's latest. */
  latestPicture(): Picture | undefined;
  /** The picture that the placeholder is being made from, as far as the thread tells. */
  sourceOf(placeholder: Message): Picture | undefined;
}

export function createState(listener: StateListener): State {
  const known = new Map<string, Message>();
  let replay: Set<string> | undefined;
  const messages = (): readonly Message[] => [...known.values()].sort(byOrder);
  const latestBefore = (order: number): Picture | undefined =>
    messages()
      .filter((message) => message.author === 'you' && message.order < order)
      .flatMap((message) => message.pictures)
      .at(-1);

  return {
    replaying: () => {
      replay = new Set();
    },
    replayed: () => {
      const named = replay;
      replay = undefined;
      if (named === undefined) return;
      for (const id of [...known.keys()].filter((id) => !named.has(id))) {
        known.delete(id);
        listener.remove(id);
      }
    },
    put: (message) => {
      replay?.add(message.id);
      const before = known.get(message.id);
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(message)) return;
      known.set(message.id, message);
      const sorted = messages();
      listener.put(message, sorted[sorted.indexOf(message) - 1]?.id);
    },
    progress: (progress) => {
      if (known.get(progress.message)?.request?.state === 'open') listener.progress(progress);
    },
    messages,
    get: (id) => known.get(id),
    latestPicture: () => latestBefore(Number.POSITIVE_INFINITY),
    sourceOf: (placeholder) => {
      const asked = placeholder.replyTo === null ? undefined : known.get(placeholder.replyTo);
      if (asked === undefined || asked.pictures.length === 0) return latestBefore(placeholder.order);
      if (asked.pictures.length === 1) return asked.pictures[0];
      // Of several, an emoji says which; the answer to it does not.
      if (asked.reactions.length > 0) return undefined;
      // A message with several pictures gets an answer for each, in their order.
      const answers = messages().filter(
        (message) => message.replyTo === asked.id && message.request !== null,
      );
      return asked.pictures[answers.findIndex((answer) => answer.id === placeholder.id)];
    },
  };
}

function byOrder(a: Message, b: Message): number {
  return a.order - b.order || (a.id < b.id ? -1 : 1);
}
