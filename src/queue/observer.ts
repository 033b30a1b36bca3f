import type { FinalState, QueuedRequest } from './request.ts';

/** The three kinds of job. */
export type JobKind = 'intake' | 'inference' | 'delivery';

/** One attempt at a job, for whoever watches. */
export interface AttemptFacts {
  readonly kind: JobKind;
  readonly job: string;
  /** The queue's platform; left out for inference, which serves all. */
  readonly platform?: string;
  /** Whose job it is; an inference job may be several requests'. */
  readonly requests: readonly string[];
  /** The style or upscaler; undefined where the request is forgotten. */
  readonly network: string | undefined;
  /** Traces in which it is done: the one that queued it first. */
  readonly traces: readonly string[];
  /** Counted from 1. */
  readonly attempt: number;
  /** How long it stood in line; left out for all but the first attempt. */
  readonly waitedMs?: number;
}

/**
 * How an attempt ended; after `retried` and `handed-back` there is another, after the others none. `unposted` is a delivery
 * whose answer has no place any more; `refused` an intake that could not have succeeded, for what was asked.
 */
export type AttemptEnd = 'done' | 'retried' | 'failed' | 'refused' | 'unposted' | 'cancelled' | 'handed-back';

/** What became of a request that was submitted. */
export type Verdict = 'accepted' | 'full' | 'event' | 'intent';

/** Whoever watches the queue: told what happens, without a say in it. Its methods throw nothing of their own. */
export interface Observer {
  /**
   * Run the submission of a request.
   * @param submit is given the trace that begins here (`traceparent` of W3C Trace Context); undefined where there is none
   */
  submission(
    request: QueuedRequest,
    submit: (trace: string | undefined) => Promise<Verdict>,
  ): Promise<Verdict>;
  /** Run an attempt, which tells once how it ended. */
  attempt(
    facts: AttemptFacts,
    run: (ended: (end: AttemptEnd, error?: unknown) => void) => Promise<void>,
  ): Promise<void>;
  /** A job was given up because its workers died by it, one after the other. */
  lost(kind: JobKind): void;
  /** A request has come to its end; `reason` is why it is `unposted`. */
  closed(request: QueuedRequest, state: FinalState, reason?: unknown): void;
}

/** For a queue that nobody watches. */
export const unobserved: Observer = {
  submission: (_request, submit) => submit(undefined),
  attempt: (_facts, run) => run(() => undefined),
  lost: () => undefined,
  closed: () => undefined,
};
