import { slackId } from './ids.ts';
import { isJson, type Json, textAt } from './json.ts';
import type { Clocks } from './world.ts';

export type DeliveryKind = 'events_api' | 'slash_commands' | 'interactive';

/** One try to bring something to the bot. */
export interface Attempt {
  readonly at: number;
  /** Milliseconds until it was acknowledged. */
  readonly ackMs: number | undefined;
  /** What the acknowledgement carried. */
  readonly answer: unknown;
  /** Why it counts as failed. */
  readonly failure: Failure | undefined;
}
export type Failure = 'timeout' | 'http_error' | 'connection_failed';

/** Something brought to the bot, with every try. */
export interface Delivery {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly payload: Json;
  readonly attempts: readonly Attempt[];
  readonly acked: boolean;
}

/** How a try goes: by Socket Mode or by HTTP. */
export interface Transport {
  send(
    kind: DeliveryKind,
    payload: Json,
    retry: { readonly num: number; readonly reason: Failure | undefined },
  ): Promise<Attempt & { readonly noRetry?: boolean }>;
}

export interface Deliveries {
  readonly all: readonly Delivery[];
  /** Bring it, by as many tries as it takes for events, by one otherwise. Settles with the last. */
  deliver(kind: DeliveryKind, payload: Json): Promise<Delivery>;
  /** Bring an event once more under the same id, though it was acknowledged. */
  again(delivery: Delivery): Promise<Delivery>;
  /** Settles when nothing is under way. */
  idle(): Promise<void>;
  close(): void;
}

export function createDeliveries(transport: Transport, clocks: Clocks): Deliveries {
  const all: Delivery[] = [];
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();

  async function run(kind: DeliveryKind, payload: Json, first: number): Promise<Delivery> {
    const attempts: Attempt[] = [];
    const delivery = {
      id: textAt(payload, 'event_id') || slackId('Dv'),
      kind,
      payload,
      attempts,
      acked: false,
    };
    all.push(delivery);
    const retries = kind === 'events_api' ? clocks.retryDelaysMs : [];
    for (const [num, delay] of [0, ...retries].entries()) {
      await pause(delay, closing.signal);
      if (closing.signal.aborted) return delivery;
      const reason = attempts.at(-1)?.failure ?? (first > 0 ? 'timeout' : undefined);
      const attempt = await transport.send(kind, payload, { num: num + first, reason });
      attempts.push(attempt);
      delivery.acked = attempt.failure === undefined;
      if (delivery.acked || attempt.noRetry === true) return delivery;
    }
    return delivery;
  }
  function follow(work: Promise<Delivery>): Promise<Delivery> {
    running.add(work);
    return work.finally(() => running.delete(work));
  }
  return {
    all,
    deliver: (kind, payload) => follow(run(kind, payload, 0)),
    again: (delivery) => follow(run(delivery.kind, delivery.payload, delivery.attempts.length)),
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    close: () => closing.abort(),
  };
}

/** What the last try's acknowledgement carried. */
export function answerOf(delivery: Delivery): Json {
  const answer = delivery.attempts.at(-1)?.answer;
  return isJson(answer) ? answer : {};
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
