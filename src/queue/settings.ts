/** Every number by which the queue behaves. Times end in their unit. */
export interface QueueSettings {
  /** How long a platform's event is remembered, to absorb its retries. */
  readonly eventSeconds: number;
  /** How long a request is remembered after its last step, answered or not. */
  readonly recordSeconds: number;
  /** More open requests than this are refused. */
  readonly maxOpen: number;
  /** Intakes of one platform that a process handles at once, and as many deliveries. */
  readonly handledAtOnce: number;
  /** How often each kind of job is tried, the first time included. */
  readonly attempts: { readonly intake: number; readonly inference: number; readonly delivery: number };
  /** How often a job is tried that fails for a reason nobody foresaw. */
  readonly unforeseenAttempts: number;
  /** Pause before the second attempt; doubled for each that follows, then spread by half to avoid herds. */
  readonly backoffMs: number;
  readonly backoffLimitMs: number;
  /** How long a silent worker keeps its job. Renewed twice as often; inference never blocks the process that renews. */
  readonly lockMs: number;
  /** How often jobs of dead workers are looked for. */
  readonly stalledMs: number;
  /** A job whose worker died more often than this is given up: it may be what kills them. */
  readonly maxStalled: number;
  /** How long finished jobs stay for whoever looks after the queue; at most the artefacts' TTL. */
  readonly keepSeconds: number;
  /** Least time between two reports of the same progress, and between two looks at the line. */
  readonly progressMs: number;
  /** How often a running job looks whether it is still wanted, should the message have been lost. */
  readonly watchMs: number;
  /** How long a handler may take to end after its signal. */
  readonly abortMs: number;
  readonly sweepMs: number;
  /** How long a dead process keeps others from editing a placeholder, and how long one that lives may. */
  readonly editLeaseMs: number;
  /** How long a process that has told nothing more of a request's progress is still the one to tell it. */
  readonly editorMs: number;
  readonly editMs: number;
  /** How often the final edit looks whether it is its turn. */
  readonly editLookMs: number;
}

/**
 * A worker that is killed costs its person at most `lockMs` and two checks: about 20 s. Delivery outlasts a
 * platform that is away for about 20 minutes, a little longer than Discord's interaction tokens live.
 */
export const defaultSettings: QueueSettings = {
  eventSeconds: 2 * 3600,
  recordSeconds: 24 * 3600,
  maxOpen: 500,
  handledAtOnce: 4,
  attempts: { intake: 5, inference: 4, delivery: 30 },
  unforeseenAttempts: 3,
  backoffMs: 1_000,
  backoffLimitMs: 60_000,
  lockMs: 10_000,
  stalledMs: 5_000,
  maxStalled: 2,
  keepSeconds: 3600,
  progressMs: 500,
  watchMs: 1_000,
  abortMs: 2_000,
  sweepMs: 15_000,
  editLeaseMs: 5_000,
  editorMs: 8_000,
  editMs: 30_000,
  editLookMs: 50,
};
