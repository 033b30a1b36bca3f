import { ImpastoError } from '../errors.ts';
import { type Attempt, startConsumer } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Artefacts, Consumer, InferenceHandler } from './contract.ts';
import { inferenceJob } from './formats.ts';
import { aboutInference } from './observed.ts';
import { inferenceQueue } from './queues.ts';
import { createResults } from './results.ts';
import { awaitInference, fillWaiters } from './steps.ts';

/**
 * Take inference jobs: artefact in, artefact out, and a delivery for everyone who waits. Needs Redis and
 * nothing else. `handler` is not asked where nobody waits any more, or where the result is stored already.
 *
 * @param options.concurrency jobs that run at once in this process; 1 where left out
 */
export function consumeInference(
  context: QueueContext,
  handler: InferenceHandler,
  options: { readonly artefacts: Artefacts; readonly concurrency?: number },
): Consumer {
  const { records, jobs } = context;
  const results = createResults(context, options.artefacts);

  async function run(job: string, data: unknown, { signal }: Attempt): Promise<void> {
    const { source, task } = inferenceJob.parse(data);
    jobs.lineMoved();
    if (!(await wanted(job))) return;
    const known = await results.find(job);
    if (known !== undefined) return fillWaiters(context, job, known);
    // Each attempt renews the source, so it outlives the pauses between them.
    if (!(await options.artefacts.touch(source.hash))) throw sourceGone(source.hash);
    const began = performance.now();
    const reporter = startReporter(context, job);
    try {
      const artefact = await handler({ source, task }, { signal, report: reporter.report });
      const seconds = (performance.now() - began) / 1000;
      const made = { artefact, seconds };
      await results.keep(job, made);
      await jobs.learn(source, task, seconds);
      await fillWaiters(context, job, made);
    } finally {
      await reporter.stop();
    }
  }

  async function wanted(job: string): Promise<boolean> {
    return (await records.waiters(job)).length > 0;
  }

  /** Requests that joined while the job was ending found it running, and would wait in vain. */
  async function ended(job: string): Promise<void> {
    jobs.lineMoved();
    for (const request of await records.waiters(job)) await awaitInference(context, results, request);
  }

  return startConsumer(context, {
    kind: 'inference',
    queue: inferenceQueue,
    about: (job, data) => aboutInference(context, job, data),
    concurrency: options.concurrency ?? 1,
    run,
    giveUp: (job, failure) => fillWaiters(context, job, failure),
    wanted,
    ended,
  });
}

interface Reporter {
  report(fraction: number): void;
  /** Say no more; those who still wait are in the line again. */
  stop(): Promise<void>;
}

/** Tell everyone who waits for a job how far it is, whoever joins meanwhile too, once in `progressMs`. */
function startReporter({ records, log, settings }: QueueContext, job: string): Reporter {
  let fraction = 0;
  let told = tell(() => fraction);
  const timer = setInterval(() => {
    told = told.then(() => tell(() => fraction));
  }, settings.progressMs);

  async function tell(how: () => number | undefined): Promise<void> {
    try {
      await records.runs(job, how());
    } catch (error) {
      log.warn({ job, err: error }, 'Progress could not be told');
    }
  }

  return {
    report: (next) => {
      fraction = Math.round(Math.min(1, Math.max(0, next)) * 1000) / 1000;
    },
    stop: async () => {
      clearInterval(timer);
      await told;
      await tell(() => undefined);
    },
  };
}

function sourceGone(hash: string): ImpastoError {
  return new ImpastoError({
    code: 'source-gone',
    userMessage: 'The picture had to wait too long and is no longer stored. Please send it again.',
    report: true,
    publicMessage: true,
    data: { hash },
  });
}
