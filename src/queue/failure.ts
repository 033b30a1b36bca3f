import { randomBytes } from 'node:crypto';
import { ImpastoError } from '../errors.ts';
import type { Log } from './log.ts';
import type { FailureOutcome } from './request.ts';
import type { QueueSettings } from './settings.ts';

/**
 * Whether another attempt may help: for what can be retried, until the attempts are used up; for what nobody
 * foresaw, a few times; for the rest, never.
 * @param attempt the one that failed, counted from 1
 */
export function worthRetrying(
  error: unknown,
  attempt: number,
  attempts: number,
  { unforeseenAttempts }: QueueSettings,
): boolean {
  if (error instanceof ImpastoError) return error.retryable && attempt < attempts;
  return attempt < Math.min(attempts, unforeseenAttempts);
}

/** True where it lies in what was asked: neither whoever runs the program can mend it, nor time. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ImpastoError && !error.report && !error.retryable;
}

/**
 * The pause before the next attempt: doubled each time up to a limit, then spread over its upper half, so that
 * those who failed together don't return together. A `retryAfterMs` among the error's data (429) is waited out, and, where
 * it is longer than that pause, not much more than it.
 * @param attempt the one that failed, counted from 1
 */
export function pauseBeforeRetry(attempt: number, error: unknown, settings: QueueSettings): number {
  const full = Math.min(settings.backoffMs * 2 ** (attempt - 1), settings.backoffLimitMs);
  const asked = error instanceof ImpastoError ? Number(error.data.retryAfterMs ?? 0) : 0;
  const spread = (ms: number): number => ms / 2 + (Math.random() * ms) / 2;
  return Math.round(Math.max(spread(full), asked > 0 ? asked + spread(settings.backoffMs) : 0));
}

/**
 * What to tell the person, under an incident id by which the log tells the rest. Of defects (errors of other
 * classes than ImpastoError) and of what only whoever runs the program can mend, the person hears a general sentence,
 * under the code `internal` and without data.
 */
export function failureOf(error: unknown, log: Log, facts: object): FailureOutcome {
  const incident = randomBytes(4).toString('hex');
  if (!(error instanceof ImpastoError)) {
    log.error({ ...facts, incident, err: error }, 'A job failed for a reason nobody foresaw');
    return internal(incident);
  }
  const { code, data, userMessage, publicMessage, report } = error;
  if (report) log.error({ ...facts, incident, err: error }, 'A job failed');
  else log.info({ ...facts, incident, code }, 'A request was refused');
  if (publicMessage === undefined) return internal(incident);
  // Data belongs to the sentence that was made of it: where people are told another one, it is for the log.
  const shown = publicMessage === userMessage ? data : {};
  return { kind: 'failure', code, data: shown, userMessage: publicMessage, incident };
}

function internal(incident: string): FailureOutcome {
  const userMessage =
    'Something went wrong in Impasto itself. Try again; if it happens again, tell whoever runs it ' +
    `this number: ${incident}.`;
  return { kind: 'failure', code: 'internal', data: {}, userMessage, incident };
}
