import { ImpastoError } from '../errors.ts';
import type { QueueContext } from './context.ts';
import type { OpenRequest, RequestQueue } from './contract.ts';
import { keys } from './keys.ts';
import { openPlace, type Places } from './places.ts';
import { createProgressNews } from './progress.ts';
import { inferenceQueue, intakeQueue } from './queues.ts';
import { answered, replyCode } from './redis.ts';
import type { QueuedRequest } from './request.ts';
import { asSubmitted, waitingParts } from './stored-record.ts';

/**
 * The bots' side of the queue.
 * @param context made from a producer's connection, so that a person is not left waiting when Redis is away
 */
export function createRequestQueue<R extends QueuedRequest>(
  context: QueueContext,
  places: Places,
): RequestQueue<R> {
  const { redis, records, jobs, log, settings, observer } = context;
  const news = createProgressNews(context);

  const submit: RequestQueue<R>['submit'] = async (request, place, placeSeconds) => {
    const sealed = places.seal(request.id, place);
    let stands = request.id;
    const verdict = await observer.submission(request, async (trace) => {
      const traced = trace === undefined ? request : { ...request, trace };
      const reply = await records.submit(traced, sealed, placeSeconds).catch((error: unknown) => {
        throw replyCode(error) === 'OOM' ? queueFull(settings.maxOpen, error) : error;
      });
      stands = reply.request;
      return reply.verdict;
    });
    if (verdict === 'full') throw queueFull(settings.maxOpen);
    if (verdict !== 'accepted') return { accepted: false, reason: verdict, request: stands };
    await leaveToSweeper(() => jobs.ensureIntake(request));
    return { accepted: true, request: request.id };
  };

  const cancel: RequestQueue<R>['cancel'] = async (id, person) => {
    const jobsOf = await records.cancel(id, person);
    if (jobsOf === undefined) return false;
    await leaveToSweeper(() => afterCancel(id, jobsOf));
    return true;
  };

  /** It is decided; now tell those at work on it, and take back what nobody else waits for. */
  async function afterCancel(id: string, waitedFor: readonly string[]): Promise<void> {
    const record = await records.read(id);
    if (record === undefined) return;
    const { platform } = record.request;
    for (const job of waitedFor.length > 0 ? waitedFor : [id]) await redis.publish(keys.cancelled, job);
    await jobs.ensureDelivery(platform, id);
    if (waitedFor.length === 0) return jobs.withdraw(intakeQueue(platform), id);
    for (const job of waitedFor) await withdrawUnlessShared(job);
    jobs.lineMoved();
  }

  async function withdrawUnlessShared(job: string): Promise<void> {
    if ((await records.waiters(job)).length > 0) return;
    await jobs.withdraw(inferenceQueue, job);
    // Somebody may have joined it in this very moment.
    for (const late of await records.waiters(job)) {
      const record = await records.read(late);
      const source = record === undefined ? undefined : waitingParts(record).get(job);
      if (record !== undefined && source !== undefined) {
        await jobs.ensureInference(job, source, record.request);
      }
    }
  }

  async function openAmong(ids: readonly string[], platform: string): Promise<OpenRequest<R>[]> {
    const found: OpenRequest<R>[] = [];
    for (const id of ids) {
      const record = await records.read(id);
      if (record === undefined || record.final || record.request.platform !== platform) continue;
      found.push({ request: asSubmitted<R>(record.request), progress: record.progress });
    }
    return found;
  }

  /** What is durable already must not fail for the person any more. */
  async function leaveToSweeper(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      log.warn({ err: error }, 'A step is left to the sweeper');
    }
  }

  const read = (id: string) => answered(redis, records.read(id));

  return {
    submit: (...all) => answered(redis, submit(...all)),
    cancel: (...all) => answered(redis, cancel(...all)),
    get: async (id) => {
      const record = await read(id);
      return record === undefined ? undefined : asSubmitted<R>(record.request);
    },
    progress: async (id) => (await read(id))?.progress,
    place: (id) => answered(redis, openPlace(context, places, id)),
    outcome: async (id) => (await read(id))?.outcome,
    sources: async (id) => {
      const parts = (await read(id))?.parts ?? [];
      return parts.flatMap(({ source }) => (source === undefined ? [] : [source]));
    },
    openOf: (platform, person) =>
      answered(
        redis,
        records.askedBy({ platform, person }).then((ids) => openAmong(ids, platform)),
      ),
    openOn: (platform) =>
      answered(
        redis,
        records.open().then((ids) => openAmong(ids, platform)),
      ),
    line: () => answered(redis, records.line()),
    note: (...all) => answered(redis, records.note(...all)),
    notes: (id) => answered(redis, records.notes(id)),
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
