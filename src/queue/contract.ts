import type { ImpastoError } from '../errors.ts';
import type { ArtefactInfo, Json, Outcome, Progress, QueuedRequest, Source, Task } from './request.ts';

/** What became of a request that was submitted. */
export type Submission =
  | { readonly accepted: true; readonly request: string }
  /** The event was seen before, or the same wish is still open: `request` is the one that stands. */
  | { readonly accepted: false; readonly reason: 'event' | 'intent'; readonly request: string };

/** A request that is not answered yet, and how it stands. */
export interface OpenRequest<R extends QueuedRequest = QueuedRequest> {
  readonly request: R;
  readonly progress: Progress;
}

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
  /**
   * What is needed to speak in the place; undefined once it has expired.
   * @throws ImpastoError `place-unreadable` (retryable) where it was sealed under a secret that this process doesn't have
   */
  place(request: string): Promise<Json | undefined>;
  /** Undefined until it is decided, and once the request is forgotten. */
  outcome(request: string): Promise<Outcome | undefined>;
  /** The pictures that intake found; empty before that, or once forgotten. */
  sources(request: string): Promise<readonly Source[]>;
  /** Open requests of one person, oldest first. */
  openOf(platform: string, person: string): Promise<readonly OpenRequest<R>[]>;
  /** Open requests of everyone on a platform. */
  openOn(platform: string): Promise<readonly OpenRequest<R>[]>;
  /** Open requests of everyone: those not begun, and those whose pictures are being made. */
  line(): Promise<{ readonly waiting: number; readonly running: number }>;
  /**
   * Keep a fact about a request (the placeholder's id, an uploaded file's id) as long as its record lives; it may be
   * noted before the request is submitted. The first value stands, unless `replacing` names it.
   * @returns the value that stands
   */
  note(request: string, name: string, value: string, replacing?: string): Promise<string>;
  notes(request: string): Promise<Readonly<Record<string, string>>>;
  /** Live progress of one platform's requests; returns the unsubscriber. */
  onProgress(platform: string, listener: (progress: Progress) => void): Promise<() => Promise<void>>;
  /** Stop listening; the connection to Redis stays the caller's. */
  close(): Promise<void>;
}

/** A person on a platform. */
export interface Owner {
  readonly platform: string;
  readonly person: string;
}

/** Stored images, with a TTL and a total byte budget. */
export interface Artefacts {
  /**
   * @param owner whose picture it is: it stays while one of its owners wants it. The sources and results of a request
   *   become its person's by themselves.
   * @throws ImpastoError `storage-full`
   */
  put(bytes: Buffer, info: Omit<ArtefactInfo, 'hash' | 'bytes'>, owner?: Owner): Promise<ArtefactInfo>;
  /** Undefined once expired. */
  get(hash: string): Promise<{ readonly info: ArtefactInfo; readonly bytes: Buffer } | undefined>;
  /** Renew the TTL; false where it is gone. */
  touch(hash: string): Promise<boolean>;
  /** Those whose it is, by `ownerName`; nobody once it has expired. */
  owners(hash: string): Promise<readonly string[]>;
  /** Delete one that nobody owns; false where it is gone already, or somebody's. */
  remove(hash: string): Promise<boolean>;
}

/** One of the pictures that a source stands for: stored, or why it could not be. */
export type IntakePart = { readonly source: Source } | { readonly error: ImpastoError };

/**
 * Fetch every picture that the request's source stands for, and store each: at least one part, in order. One that
 * is no picture is an error among them, and fails the request only where all are errors, by the first. While one of
 * them is an error that may pass, all are asked for again. Throws ImpastoError where nothing can be fetched at all;
 * may end early once `signal` aborts. `place` is undefined where it has expired.
 */
export type IntakeHandler<R extends QueuedRequest = QueuedRequest> = (
  request: R,
  place: Json | undefined,
  signal: AbortSignal,
) => Promise<readonly IntakePart[]>;

/**
 * Say the outcome in the place, idempotently. Throws a retryable ImpastoError when the platform is away; its
 * `data.retryAfterMs`, if there, is waited out. Pictures that are refused for good come again as a failure, once. `place` is
 * undefined where it has expired, or can't be read by any process. Returns why nothing was said, where the place has gone:
 * that is final.
 */
export type DeliveryHandler<R extends QueuedRequest = QueuedRequest> = (
  request: R,
  place: Json | undefined,
  outcome: Outcome,
) => Promise<ImpastoError | undefined>;

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
