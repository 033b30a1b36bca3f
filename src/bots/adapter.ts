import type { CommandRequest } from '../commands/request.ts';
import type { DeliveryHandler, IntakeHandler } from '../queue/contract.ts';

/**
 * One platform: it turns native events into requests, fetches the pictures that they point to, and posts the
 * answers. Every platform implements this and nothing less, so whatever a person can do on one, they can do
 * on all, by that platform's own habits.
 *
 * An adapter listens in one process, while its intake and delivery may be served in others of the same
 * platform; what they share is in Redis. Nothing may depend on which of them is asked.
 *
 * **On an event**
 * - Acknowledge at once, before anything slow; Discord and Slack wait three seconds.
 * - Turn it into a call by `parseLine`, `readReaction`, or `readOptions` for options that the platform has typed,
 *   and `run` it. A `UserError` is answered by its sentence, as a hint to the asker alone where the platform can.
 * - The event key is the platform's own event or interaction id, so that its retries make the same request.
 * - Put the placeholder up, and record its id, before submitting the request: what delivery will edit is known
 *   before any work begins. Where submitting fails, the placeholder says so.
 * - An event that stands for a request already open points to that one instead of standing in line again.
 * - The bot's own messages and reactions, and those of other bots, are never answered.
 *
 * **While a request is open**
 * - Progress is an edit of the placeholder: no more than one in `PROGRESS_INTERVAL_MS` where an edit is a call to the
 *   platform; the newest wins, those between are dropped, and a failed one is not tried again.
 * - No progress after the final edit.
 * - Cancelling is open to whoever asked, and to nobody else.
 */
export interface Adapter {
  /** Names its queues, and its requests' `platform`: `discord`, `slack`, `playground`. */
  readonly platform: string;

  /** Begin to take events; settles when they arrive. @throws ImpastoError where the platform cannot be had */
  start(): Promise<void>;

  /**
   * Fetch a request's source and store it. A source that is gone or no picture is a `UserError`; a platform
   * that is away is a retryable `ImpastoError`. Ends soon after `signal` aborts. Safe to repeat.
   */
  readonly intake: IntakeHandler<CommandRequest>;

  /**
   * Say the outcome: an idempotent edit of the placeholder, so that a repeat changes nothing and posts nothing
   * twice. Where the placeholder was removed, or can no longer be edited, it is posted anew below the
   * question; where that place is gone too, the reason is returned, which is final. A platform that is away or says 429
   * is a retryable `ImpastoError`.
   */
  readonly deliver: DeliveryHandler<CommandRequest>;

  /** Whether events reach this process just now; left out where they always do once it has started. */
  readonly connected?: () => boolean;

  /** Rejects once the platform has shut the bot out for good, by what it said; never settles else. */
  readonly ended?: Promise<never>;

  /** Take no more events, end what is open towards the platform. Safe to repeat. */
  close(): Promise<void>;
}

/** The least time between two progress edits of one placeholder on a platform that counts calls. */
export const PROGRESS_INTERVAL_MS = 2_000;
