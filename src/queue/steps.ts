import type { QueueContext } from './context.ts';
import type { ArtefactInfo, Outcome, Task } from './request.ts';
import type { Results } from './results.ts';

/*
 * From one kind of job to the next. Each step first writes down what is decided and then queues who acts on it;
 * a crash between the two is repaired by the sweeper, which takes the same steps again.
 */

/** Decide a request's outcome (unless it is decided) and queue its delivery. */
export async function settle(context: QueueContext, request: string, outcome: Outcome): Promise<void> {
  const platform = await context.records.settle(request, outcome);
  if (platform !== undefined) await context.jobs.ensureDelivery(platform, request);
}

/** The same for everyone who waits for an inference job, those included who join meanwhile. */
export async function settleWaiters(context: QueueContext, job: string, outcome: Outcome): Promise<void> {
  for (;;) {
    const waiting = await context.records.waiters(job);
    if (waiting.length === 0) return;
    for (const request of waiting) await settle(context, request, outcome);
  }
}

/**
 * Let a request wait for its inference job, and see to it that the job is queued; where its result is stored
 * already, answer at once. The order matters: a job that ends meanwhile stores its result before it looks who
 * waits, so either it sees this request or this request sees the result.
 */
export async function awaitInference(
  context: QueueContext,
  results: Results,
  wish: {
    readonly request: string;
    readonly job: string;
    readonly source: ArtefactInfo;
    readonly task: Task;
  },
): Promise<void> {
  const { request, job, source, task } = wish;
  if (!(await context.records.join(request, source, job))) return;
  const known = await results.find(job, source);
  if (known !== undefined) return settle(context, request, known);
  await context.jobs.ensureInference(job, source, task);
  context.jobs.lineMoved();
}
