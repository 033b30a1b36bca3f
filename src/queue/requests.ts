import { ImpastoError } from '../errors.ts';
import type { QueueContext } from './context.ts';
import type { RequestQueue } from './contract.ts';
import { keys } from './keys.ts';
import type { Places } from './places.ts';
import { createProgressNews } from './progress.ts';
import { inferenceQueue, intakeQueue } from './queues.ts';
import { asSubmitted } from './records.ts';
import { answered, replyCode } from './redis.ts';
import type { QueuedRequest } from './request.ts';

/**
 * The bots' side of the queue.
 * @param context made from a producer's connection, so that a person is not left waiting when Redis is away
 */
export function createRequestQueue<R extends QueuedRequest>(
  context: QueueContext,
  places: Places,
): RequestQueue<R> {
  const { redis, records, jobs, log, settings } = context;
  const news = createProgressNews(context);

  const submit: RequestQueue<R>['submit'] = async (request, place, placeSeconds) => {
    const sealed = places.seal(request.id, place);
    const { verdict, request: stands } = await records
      .submit(request, sealed, placeSeconds)
      .catch((error: unknown) => {
        throw replyCode(error) === 'OOM' ? queueFull(settings.maxOpen, error) : error;
      });
    if (verdict === 'full') throw queueFull(settings.maxOpen);
    if (verdict !== 'accepted') return { accepted: false, reason: verdict, request: stands };
    await leaveToSweeper(() => jobs.ensureIntake(request.platform, request.id));
    return { accepted: true, request: request.id };
  };

  const cancel: RequestQueue<R>['cancel'] = async (id, person) => {
    const cancelled = await records.cancel(id, person);
    if (cancelled === undefined) return false;
    await leaveToSweeper(() => afterCancel(id, cancelled.job));
    return true;
  };

  /** It is decided; now tell those at work on it, and take back what nobody else waits for. */
  async function afterCancel(id: string, job: string | undefined): Promise<void> {
    const record = await records.read(id);
    if (record === undefined) return;
    const { platform, task } = record.request;
    await redis.publish(keys.cancelled, job ?? id);
    await jobs.ensureDelivery(platform, id);
    if (job === undefined) return jobs.withdraw(intakeQueue(platform), id);
    if ((await records.waiters(job)).length > 0) return;
    await jobs.withdraw(inferenceQueue, job);
    // Somebody may have joined it in this very moment.
    const late = await records.waiters(job);
    if (late.length > 0 && record.source !== undefined) await jobs.ensureInference(job, record.source, task);
    jobs.lineMoved();
  }

  /** What is durable already must not fail for the person any more. */
  async function leaveToSweeper(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      log.warn({ err: error }, 'A step is left to the sweeper');
    }
  }

  return {
    submit: (...all) => answered(redis, submit(...all)),
    cancel: (...all) => answered(redis, cancel(...all)),
    get: async (id) => {
      const record = await answered(redis, records.read(id));
      return record === undefined ? undefined : asSubmitted<R>(record.request);
    },
    progress: async (id) => (await answered(redis, records.read(id)))?.progress,
    onProgress: news.listen,
    close: async () => news.close(),
  };
}

/** @param cause there where it is not the count of requests but Redis's memory that is full */
function queueFull(maxOpen: number, cause?: unknown): ImpastoError {
  return new ImpastoError({
    code: 'queue-full',
    userMessage: 'Too many pictures are waiting to be painted just now. Try again in a few minutes.',
    retryable: true,
    report: cause !== undefined,
    publicMessage: true,
    data: { maxOpen },
    cause,
  });
}
