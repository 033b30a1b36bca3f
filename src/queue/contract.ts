import type { ArtefactInfo, Json, Outcome, Progress, QueuedRequest, Task } from './request.ts';

/** What became of a request that was submitted. */
export type Submission =
  | { readonly accepted: true; readonly request: string }
  /** The event was seen before, or the same wish is still open: `request` is the one that stands. */
  | { readonly accepted: false; readonly reason: 'event' | 'intent'; readonly request: string };

/** The bots' side of the queue. Every method is safe to repeat. */
export interface RequestQueue<R extends QueuedRequest = QueuedRequest> {
  /**
   * Make a request durable and queue its intake. `place` is what the adapter needs to speak there; it is
   * encrypted at rest and expires after `placeSeconds`.
   * @throws ImpastoError `queue-full` (retryable by the person), `redis-away`
   */
  submit(request: R, place: Json, placeSeconds: number): Promise<Submission>;
  /** Cancel, waiting or running; true where it was still open and `person` asked for it. */
  cancel(request: string, person: string): Promise<boolean>;
  get(request: string): Promise<R | undefined>;
  /** How the request stands now; undefined once it is forgotten. */
  progress(request: string): Promise<Progress | undefined>;
  /** Live progress of one platform's requests; returns the unsubscriber. */
  onProgress(platform: string, listener: (progress: Progress) => void): Promise<() => Promise<void>>;
  /** Stop listening; the connection to Redis stays the caller's. */
  close(): Promise<void>;
}

/** Stored images, with a TTL and a total byte budget. */
export interface Artefacts {
  /** @throws ImpastoError `storage-full` */
  put(bytes: Buffer, info: Omit<ArtefactInfo, 'hash' | 'bytes'>): Promise<ArtefactInfo>;
  /** Undefined once expired. */
  get(hash: string): Promise<{ readonly info: ArtefactInfo; readonly bytes: Buffer } | undefined>;
  /** Renew the TTL; false where it is gone. */
  touch(hash: string): Promise<boolean>;
}

/**
 * Fetch the source picture and store it: the returned artefact is the source. Throws ImpastoError; may end early
 * once `signal` aborts. `place` is undefined where it has expired.
 */
export type IntakeHandler<R extends QueuedRequest = QueuedRequest> = (
  request: R,
  place: Json | undefined,
  signal: AbortSignal,
) => Promise<ArtefactInfo>;

/**
 * Say the outcome in the place, idempotently. Throws a retryable ImpastoError when the platform is away; its
 * `data.retryAfterMs`, if there, is waited out. A picture that is refused for good comes again as a failure, once.
 */
export type DeliveryHandler<R extends QueuedRequest = QueuedRequest> = (
  request: R,
  place: Json | undefined,
  outcome: Outcome,
) => Promise<void>;

/** Run a task on a stored source; report 0–1; end soon after `signal` aborts. Returns the stored result. */
export type InferenceHandler = (
  job: { readonly source: ArtefactInfo; readonly task: Task },
  context: { readonly signal: AbortSignal; readonly report: (fraction: number) => void },
) => Promise<ArtefactInfo>;

/** A running consumer of one kind of job. */
export interface Consumer {
  /** Stop taking jobs; finish what runs, or hand it back after `graceMs`. */
  close(graceMs: number): Promise<void>;
}
