import type { QueueContext } from './context.ts';
import type { JoiningPart } from './records.ts';
import type { FailureOutcome, Outcome, PartOutcome } from './request.ts';
import type { Made, Results } from './results.ts';
import { waitingParts } from './stored-record.ts';

/*
 * From one kind of job to the next. Each step first writes down what is decided and then queues who acts on it;
 * a crash between the two is repaired by the sweeper, which takes the same steps again.
 */

/** Decide a request's outcome (unless it is decided) and queue its delivery. */
export async function settle(context: QueueContext, request: string, outcome: Outcome): Promise<void> {
  const platform = await context.records.settle(request, outcome);
  if (platform !== undefined) await context.jobs.ensureDelivery(platform, request);
}

/** Give those parts of a request that wait for a job what came of it; with the last part its delivery is queued. */
export async function fill(
  context: QueueContext,
  request: string,
  job: string,
  end: Made | FailureOutcome,
): Promise<void> {
  const record = await context.records.read(request);
  const filled = new Map<number, PartOutcome>();
  record?.parts.forEach((part, number) => {
    if (part.job !== job || part.source === undefined) return;
    filled.set(number, 'kind' in end ? end : { kind: 'picture', ...end, source: part.source });
  });
  const platform = await context.records.fill(request, job, filled);
  if (platform !== undefined) await context.jobs.ensureDelivery(platform, request);
}

/** The same for everyone who waits for an inference job, those included who join meanwhile. */
export async function fillWaiters(
  context: QueueContext,
  job: string,
  end: Made | FailureOutcome,
): Promise<void> {
  for (;;) {
    const waiting = await context.records.waiters(job);
    if (waiting.length === 0) return;
    for (const request of waiting) await fill(context, request, job, end);
  }
}

/**
 * Let a request wait for the inference jobs of its parts, and see to it that each is queued; those whose result is
 * stored already are filled at once. The order matters: a job that ends meanwhile stores its result before it looks
 * who waits, so either it sees this request or this request sees the result.
 * @param parts as intake found them; left out where they are kept already
 */
export async function awaitInference(
  context: QueueContext,
  results: Results,
  request: string,
  parts: readonly JoiningPart[] = [],
): Promise<void> {
  const { records, jobs } = context;
  if (!(await records.join(request, parts))) return;
  const record = await records.read(request);
  if (record === undefined) return;
  for (const [job, source] of waitingParts(record)) {
    const known = await results.find(job);
    if (known !== undefined) await fill(context, request, job, known);
    else await jobs.ensureInference(job, source, record.request);
  }
  jobs.lineMoved();
}
