import { setTimeout as wait } from 'node:timers/promises';

/** What goes wrong with a request. */
export type Fault =
  /** An error of Discord's or of a proxy before it. */
  | { readonly status: number; readonly body?: unknown }
  /** 429; every request to the route gets it until that many seconds are over. Global: every request to any route. */
  | { readonly retryAfter: number; readonly global?: boolean }
  /**
   * The connection breaks before Discord acts, or (`afterwards`) once it has: the bot can't tell which. A `reset`, which
   * is usual, discord.js tries again by itself; one that is `closed` it reports.
   */
  | { readonly broken: 'before' | 'afterwards'; readonly how?: 'reset' | 'closed' }
  /** It takes that long. */
  | { readonly delayMs: number };

/** Faults to come. Routes look like `PATCH /webhooks/:app/:token/messages/@original`; `*` stands for any part. */
export interface Faults {
  once(route: string, fault: Fault): void;
  times(count: number, route: string, fault: Fault): void;
  /** From now on, until `clear`. */
  always(route: string, fault: Fault): void;
  clear(): void;
}

interface Planned {
  readonly route: string;
  readonly fault: Fault;
  left: number;
}

/** Faults, and what the server asks of them. */
export interface FaultPlan extends Faults {
  /** The fault of this request, if one is due; it is used up. */
  take(method: string, path: string): Promise<Fault | undefined>;
}

export function createFaults(): FaultPlan {
  const planned: Planned[] = [];
  const limits = new Map<string, { until: number; global: boolean }>();
  const plan = (left: number, route: string, fault: Fault) => {
    planned.push({ route, fault, left });
  };
  return {
    once: (route, fault) => plan(1, route, fault),
    times: plan,
    always: (route, fault) => plan(Number.POSITIVE_INFINITY, route, fault),
    clear() {
      planned.length = 0;
      limits.clear();
    },
    async take(method, path) {
      for (const [route, { until, global }] of limits) {
        const left = (until - Date.now()) / 1000;
        if (left > 0 && (global || fits(route, method, path))) return { retryAfter: left, global };
      }
      const due = planned.find(({ route, left }) => left > 0 && fits(route, method, path));
      if (due === undefined) return undefined;
      due.left -= 1;
      const { fault } = due;
      if ('retryAfter' in fault) {
        const until = Date.now() + fault.retryAfter * 1000;
        limits.set(due.route, { until, global: fault.global ?? false });
      }
      if ('delayMs' in fault) {
        await wait(fault.delayMs);
        return undefined;
      }
      return fault;
    },
  };
}

function fits(route: string, method: string, path: string): boolean {
  const [wantedMethod, wantedPath = ''] = route.split(' ');
  if (wantedMethod !== '*' && wantedMethod !== method) return false;
  const wanted = wantedPath.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return false;
  return wanted.every((part, index) => part === '*' || part.startsWith(':') || part === parts[index]);
}
