import { createMessage, type MessageActions, type MessageView } from './message.ts';
import type { Wish } from './reactions.ts';
import { createState, type State } from './state.ts';
import type { Message } from './wire.ts';

export interface ThreadParts {
  /** Holds the messages. */
  readonly log: HTMLElement;
  /** Scrolls. */
  readonly scroller: HTMLElement;
  /** Shown while there is no message. */
  readonly empty: HTMLElement;
  /** Takes a reader who looks further up to the end, shown where something new has come there. */
  readonly latest: HTMLButtonElement;
  /** Where the keyboard goes when the control that had it is gone. */
  readonly home: HTMLElement;
}

/** How near its end, in CSS pixels, the thread counts as read to the end. */
const NEAR = 80;

/**
 * Draw the thread and keep it drawn. It follows new messages only while its reader is at the end. `changed` is
 * called after every change.
 */
export function createThread(options: {
  readonly parts: ThreadParts;
  readonly wishes: readonly Wish[];
  readonly actions: MessageActions;
  changed(): void;
}): State {
  const { parts, wishes, actions } = options;
  const views = new Map<string, MessageView>();
  let following = true;
  parts.log.setAttribute('aria-busy', 'true');

  const settle = (): void => {
    if (following) parts.scroller.scrollTop = parts.scroller.scrollHeight;
    parts.empty.hidden = views.size > 0 || parts.log.hasAttribute('aria-busy');
    options.changed();
  };
  const put = (message: Message, after: string | undefined): void => {
    const known = views.get(message.id);
    if (known !== undefined) {
      keepFocus(known.root, parts.home, () => known.update(message));
    } else {
      const view = createMessage({ message, wishes, actions, source: state.sourceOf(message) });
      views.set(message.id, view);
      const before = after === undefined ? undefined : views.get(after)?.root;
      if (before === undefined) parts.log.prepend(view.root);
      else before.after(view.root);
      if (message.author === 'you' && !parts.log.hasAttribute('aria-busy')) following = true;
    }
    if (!following) parts.latest.hidden = false;
    settle();
  };
  const state = createState({
    put,
    remove: (id) => {
      views.get(id)?.root.remove();
      views.delete(id);
      settle();
    },
    progress: (progress) => views.get(progress.message)?.progress(progress),
  });

  parts.scroller.addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = parts.scroller;
    following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (following) parts.latest.hidden = true;
  });
  // The composer grows with what is attached to it, and the window with a phone's keyboard.
  new ResizeObserver(settle).observe(parts.scroller);
  parts.latest.addEventListener('click', () => {
    parts.latest.hidden = true;
    parts.scroller.scrollTo({ top: parts.scroller.scrollHeight, behavior: 'smooth' });
    parts.home.focus();
  });

  return {
    ...state,
    replayed: () => {
      state.replayed();
      parts.log.removeAttribute('aria-busy');
      settle();
    },
  };
}

/** Redraw; where that takes the focused control away, give the keyboard to `home`. */
function keepFocus(root: HTMLElement, home: HTMLElement, redraw: () => void): void {
  const held = document.activeElement;
  const inside = held instanceof HTMLElement && root.contains(held);
  redraw();
  if (!inside) return;
  if (root.contains(held)) held.focus();
  else home.focus();
}
