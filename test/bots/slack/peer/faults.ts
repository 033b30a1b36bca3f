/** What goes wrong instead of, or after, the work of a method. */
export interface Fault {
  /** An HTTP status without Slack's own body: 500, 503. */
  readonly status?: number;
  /** An error of Slack's: `internal_error`, `fatal_error`. */
  readonly error?: string;
  /** 429 with this many seconds in `Retry-After`. */
  readonly retryAfter?: number;
  /** The work is done, but the connection breaks before the answer. */
  readonly lost?: true;
  /** Wait so long before the work. */
  readonly delayMs?: number;
  /** A page instead of the file (`files.download` only), as Slack sends it to those it does not let in. */
  readonly html?: true;
}

/** Faults by method; besides the API's: `files.upload`, `files.download`, `response_url`. */
export interface Faults {
  once(method: string, fault: Fault): void;
  /** The next `count` calls. */
  times(method: string, count: number, fault: Fault): void;
  /** From now on, until `clear`. */
  always(method: string, fault: Fault): void;
  clear(method?: string): void;
}

export interface FaultBook extends Faults {
  /** The fault that a call meets, which is used up by that. */
  take(method: string): Fault | undefined;
}

export function createFaults(): FaultBook {
  const waiting = new Map<string, { left: number; readonly fault: Fault }[]>();
  const times: Faults['times'] = (method, count, fault) => {
    waiting.set(method, [...(waiting.get(method) ?? []), { left: count, fault }]);
  };
  return {
    once: (method, fault) => times(method, 1, fault),
    times,
    always: (method, fault) => times(method, Number.POSITIVE_INFINITY, fault),
    clear: (method) => (method === undefined ? waiting.clear() : waiting.delete(method)),
    take(method) {
      const first = waiting.get(method)?.[0];
      if (first === undefined) return undefined;
      first.left -= 1;
      if (first.left <= 0) waiting.get(method)?.shift();
      return first.fault;
    },
  };
}
