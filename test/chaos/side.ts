import type { PlannedRequest } from './plan.ts';

/**
 * How a question stands, as the person sees it: nothing yet, something that is about to change, a picture, a sentence
 * for them alone that it was not taken, a sentence for all that there will be none.
 */
export type Standing = 'silent' | 'open' | 'painted' | 'refused' | 'failed';

/** A question that a person has put to the bot. */
export interface Ask {
  /** Whether the platform heard from the bot in its time. */
  readonly acknowledged: Promise<boolean>;
  standing(): Standing;
  /** All that was said to it and still stands. */
  words(): string;
  /** How many messages with pictures stand as its answer. */
  paintings(): number;
  /** When its first picture was to be seen, in milliseconds since the epoch; undefined where none is. */
  paintedAt(): number | undefined;
  /** Let the platform tell of it once more. */
  again(): Promise<void>;
}

/** A picture that the bot has posted, with what is written beside it. */
export interface Shown {
  readonly where: string;
  readonly bytes: Uint8Array;
}

/** One platform with people on it, who stand in lines: in each there is one question at a time. */
export interface Side {
  /** Post what is to be painted, and say so. */
  ask(line: number, request: PlannedRequest, photo: Buffer): Promise<Ask>;
  /** The same in two steps, for many at once: what is to be painted is there before anybody asks. */
  prepare(line: number, request: PlannedRequest, photo: Buffer): Promise<() => Promise<Ask>>;
  /** Every picture that stands for all to see. */
  shown(): readonly Shown[];
  /** What the platform would not have taken of the bot. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}
