import { LRUCache } from 'lru-cache';
import type { InferenceSession } from 'onnxruntime-node';

/** How many sessions stay open. Beyond either limit, the one not used for longest is released first. */
export interface KeepOptions {
  readonly sessions: number;
  /**
   * The sum, over open sessions, of the largest picture that each has made: a session keeps the memory of that run, some
   * 560 bytes a pixel.
   */
  readonly pixels: number;
}

/**
 * Some 600 MB; after a larger picture the session is released at once, so that its memory and that of what is done with
 * the picture do not add up. Opening again takes 10 ms, a tenth of painting 256².
 */
const KEEP: KeepOptions = { sessions: 8, pixels: 1024 * 1024 };

/** Open sessions, a bounded number of them. */
export interface Slots {
  /**
   * Run something on a session once what runs on it has ended, for each run takes all threads and much memory. A session
   * that could not be opened is opened anew the next time.
   *
   * @param key of the session
   * @param pixels of the picture that is made
   */
  run<T>(
    key: string,
    pixels: number,
    open: () => Promise<InferenceSession>,
    work: (session: InferenceSession) => Promise<T>,
  ): Promise<T>;
  /** Wait for what runs, then release every session. The last call. */
  close(): Promise<void>;
}

interface Slot {
  readonly session: Promise<InferenceSession>;
  /** Settles when the last run does. */
  last: Promise<unknown>;
  /** Of the largest picture. */
  pixels: number;
}

/** Without any session yet: each is opened when it is first needed. */
export function createSlots({ sessions, pixels: most }: KeepOptions = KEEP): Slots {
  const releases = new Set<Promise<void>>();
  const slots = new LRUCache<string, Slot>({
    max: sessions,
    maxSize: most,
    sizeCalculation: (slot) => slot.pixels,
    dispose: (slot) => {
      const released = release(slot);
      releases.add(released);
      // A release that failed stays in the set, for `close` to tell.
      released.then(
        () => releases.delete(released),
        () => undefined,
      );
    },
  });
  return {
    run: (key, pixels, open, work) => {
      const slot = slots.get(key) ?? newSlot(open());
      const result = settled(slot.last).then(async () => work(await slot.session));
      slot.last = result;
      slot.pixels = Math.max(slot.pixels, pixels);
      // Only now, so that a slot that is pushed out, even at once, is released after this run.
      slots.set(key, slot);
      slot.session.catch(() => {
        if (slots.peek(key) === slot) slots.delete(key);
      });
      return result;
    },
    close: async () => {
      slots.clear();
      await Promise.all(releases);
    },
  };
}

function newSlot(session: Promise<InferenceSession>): Slot {
  return { session, last: session, pixels: 0 };
}

async function release(slot: Slot): Promise<void> {
  await settled(slot.last);
  const [opened] = await Promise.allSettled([slot.session]);
  if (opened.status === 'fulfilled') await opened.value.release();
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}
