import { randomBytes } from 'node:crypto';
import { ImpastoError } from '../errors.ts';
import type { Log } from './log.ts';
import type { Outcome } from './request.ts';
import type { QueueSettings } from './settings.ts';

/** What a person is told when their request fails. */
export type Failure = Extract<Outcome, { kind: 'failure' }>;

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

/**
 * The pause before the next attempt: doubled each time up to a limit, then spread over its upper half, so that
 * those who failed together don't return together. A `retryAfterMs` among the error's data (429) is respected.
 * @param attempt the one that failed, counted from 1
 */
export function pauseBeforeRetry(attempt: number, error: unknown, settings: QueueSettings): number {
  const full = Math.min(settings.backoffMs * 2 ** (attempt - 1), settings.backoffLimitMs);
  const asked = error instanceof ImpastoError ? Number(error.data.retryAfterMs ?? 0) : 0;
  return Math.round(asked + full / 2 + (Math.random() * full) / 2);
}

/**
 * What to tell the person, under an incident id by which the log tells the rest. Of defects (errors of other
 * classes than ImpastoError) and of what only whoever runs the program can mend, the person hears a general sentence.
 */
export function failureOf(error: unknown, log: Log, facts: object): Failure {
  const incident = randomBytes(4).toString('hex');
  if (!(error instanceof ImpastoError)) {
    log.error({ ...facts, incident, err: error }, 'A job failed for a reason nobody foresaw');
    return { kind: 'failure', code: 'internal', userMessage: general(incident), incident };
  }
  const { code, publicMessage, report } = error;
  if (report) log.error({ ...facts, incident, err: error }, 'A job failed');
  else log.info({ ...facts, incident, code }, 'A request was refused');
  return { kind: 'failure', code, userMessage: publicMessage ?? general(incident), incident };
}

function general(incident: string): string {
  return (
    'Something went wrong in Impasto itself. Try again; if it happens again, tell whoever runs it ' +
    `this number: ${incident}.`
  );
}
