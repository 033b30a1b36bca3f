/** Every number by which the playground behaves. Times end in their unit. */
export interface PlaygroundSettings {
  /** The largest upload. */
  readonly pictureBytes: number;
  /** Characters in one message. */
  readonly textLength: number;
  /** How long a thread is kept after the last visit. */
  readonly threadSeconds: number;
  /** Messages in one thread; older ones make room. */
  readonly threadMessages: number;
  /** Posts of one session in a minute: messages, reactions, uploads and cancellations each. */
  readonly postsPerMinute: number;
  /** Uploads held in memory at the same time, of all sessions together. */
  readonly uploadsAtOnce: number;
  /** The same of one session, which cannot keep all others out by it; no fewer than one message may hold. */
  readonly sessionUploadsAtOnce: number;
  /** An upload that says nothing for so long is ended. */
  readonly uploadSilenceMs: number;
  /** Event streams of one session; a further one ends the oldest. */
  readonly streamsPerThread: number;
  /** How often a silent event stream shows that it lives. */
  readonly heartbeatMs: number;
  /** A placeholder older than this whose request the queue does not know was lost. */
  readonly lostMs: number;
  /** How long answers under way may take once the playground is to end. */
  readonly graceMs: number;
}

/** A thread of a day, at a person's pace. */
export const defaultSettings: PlaygroundSettings = {
  pictureBytes: 25 * 1024 ** 2,
  textLength: 2_000,
  threadSeconds: 24 * 3600,
  threadMessages: 300,
  postsPerMinute: 60,
  uploadsAtOnce: 8,
  sessionUploadsAtOnce: 4,
  uploadSilenceMs: 15_000,
  streamsPerThread: 8,
  heartbeatMs: 20_000,
  lostMs: 60_000,
  graceMs: 5_000,
};
