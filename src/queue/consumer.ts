import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { ImpastoError } from '../errors.ts';
import { unlessAway } from './closing.ts';
import type { QueueContext } from './context.ts';
import type { Consumer } from './contract.ts';
import { failureOf, isRefusal, pauseBeforeRetry, worthRetrying } from './failure.ts';
import type { AttemptFacts, JobKind, Observer } from './observer.ts';
import type { JobData } from './queues.ts';
import { PREFIX, tellsOfConnection } from './redis.ts';
import type { FailureOutcome } from './request.ts';
import { Unwanted, watchWanted } from './wanted.ts';

/** One kind of job, as its consumer sees it. */
export interface Work {
  readonly kind: JobKind;
  /** Name of its queue. */
  readonly queue: string;
  /** The platform whose queue it is; left out for all of them. */
  readonly platform?: string;
  /** How many jobs run at once in this process. */
  readonly concurrency: number;
  /** Whose job it is, for whoever watches. */
  about(id: string, data: unknown): Promise<Pick<AttemptFacts, 'requests' | 'network' | 'traces'>>;
  /** Do the job; called again after a failure that may pass, and for a job that another worker left behind. */
  run(id: string, data: unknown, attempt: Attempt): Promise<void>;
  /** The last attempt has failed: tell whoever waits for it. */
  giveUp(id: string, failure: FailureOutcome, error: unknown): Promise<void>;
  /** False once nobody wants a running job any more: its signal aborts. */
  wanted(id: string): Promise<boolean>;
  /** The job has ended: see to what came between the work's last look and now. */
  ended(id: string): Promise<void>;
}

/** One attempt at a job. */
export interface Attempt {
  /** Aborts once nobody wants the job any more, or another worker is to do it. */
  readonly signal: AbortSignal;
  /** True where another attempt would follow if this one failed for that reason. */
  mayRetry(error: unknown): boolean;
  /** Nothing remains to be tried, and yet nobody has been told. */
  unposted(reason: ImpastoError): void;
}

/** Take jobs of one kind until `close`. */
export function startConsumer(context: QueueContext, work: Work): Consumer {
  const { log, settings, observer } = context;
  const running = new Map<string, AbortController>();
  let closing: Promise<void> | undefined;

  async function process(job: Job<JobData>, token: string | undefined): Promise<void> {
    const facts = await factsOf(context, work, job);
    await observer.attempt(facts, (ended) => attempt(job, token, ended));
  }

  async function attempt(job: Job<JobData>, token: string | undefined, ended: Ended): Promise<void> {
    const id = job.id ?? '';
    const stop = new AbortController();
    running.set(id, stop);
    try {
      // It may have been taken in the very moment of closing.
      if (closing !== undefined) stop.abort(new HandedBack());
      stop.signal.throwIfAborted();
      await context.jobs.began(work.queue, job.priority);
      let missed: ImpastoError | undefined;
      const attempt: Attempt = {
        signal: stop.signal,
        mayRetry: (error) => worthRetrying(error, ...attemptsOf(job), settings),
        unposted: (reason) => {
          missed = reason;
        },
      };
      await untilAborted(work.run(id, job.data, attempt), stop.signal, settings.abortMs);
      ended(missed === undefined ? 'done' : 'unposted', missed);
    } catch (error) {
      if (stop.signal.reason instanceof Unwanted) return ended('cancelled');
      if (!(stop.signal.reason instanceof HandedBack)) return await judge(context, work, job, error, ended);
      ended('handed-back');
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      running.delete(id);
    }
  }

  const worker = new Worker<JobData, void>(work.queue, process, {
    connection: context.redis,
    prefix: PREFIX,
    concurrency: work.concurrency,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledMs,
    maxStalledCount: settings.maxStalled,
    runRetryDelay: 500,
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof AttemptFailed ? error.pauseMs : 0),
    },
  });
  worker.on('error', (error) => {
    if (tellsOfConnection(context.redis, error)) return;
    log.warn({ queue: work.queue, err: error }, 'The queue has trouble');
  });
  worker.on('completed', (job) => void afterwards(context, work, job.id ?? ''));
  worker.on('failed', (job, error) => {
    if (job?.finishedOn) void afterwards(context, work, job.id ?? '', error);
  });

  const endWatch = watchWanted(context, running, work.wanted);

  async function close(graceMs: number): Promise<void> {
    await worker.pause(true);
    const late = setTimeout(() => {
      for (const stop of running.values()) stop.abort(new HandedBack());
    }, graceMs);
    let tooLate: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((settle) => {
      tooLate = setTimeout(settle, graceMs + settings.abortMs + 5_000);
    });
    // Where Redis is away, the jobs come back by themselves when their locks expire.
    await unlessAway(context.redis, Promise.race([worker.close(), limit]));
    for (const stop of running.values()) stop.abort(new HandedBack());
    clearTimeout(late);
    clearTimeout(tooLate);
    endWatch();
  }

  return {
    close: (graceMs) => {
      closing ??= close(graceMs);
      return closing;
    },
  };
}

type Ended = Parameters<Parameters<Observer['attempt']>[1]>[0];

/** What whoever watches is told of an attempt; who waits for the job is unknown where Redis can't be asked now. */
async function factsOf({ log }: QueueContext, work: Work, job: Job<JobData>): Promise<AttemptFacts> {
  const { kind, platform } = work;
  const id = job.id ?? '';
  const [attempt] = attemptsOf(job);
  const about = await work.about(id, job.data).catch((error: unknown) => {
    log.warn({ queue: work.queue, job: id, err: error }, 'Nobody knows whose job this is');
    return { requests: [], network: undefined, traces: [] };
  });
  const isFirst = job.attemptsStarted === 1 && job.processedOn !== undefined;
  return {
    kind,
    ...(platform === undefined ? {} : { platform }),
    job: id,
    ...about,
    attempt,
    ...(isFirst ? { waitedMs: Math.max(0, (job.processedOn ?? 0) - job.timestamp) } : {}),
  };
}

/** Which attempt this is, counted from 1, and how many there may be. */
function attemptsOf(job: Job<JobData>): [attempt: number, attempts: number] {
  return [job.attemptsMade + 1, job.opts.attempts ?? 1];
}

/** An attempt has failed: tell BullMQ whether to try again, and whoever waits if not. */
async function judge(
  { log, settings }: QueueContext,
  work: Work,
  job: Job<JobData>,
  error: unknown,
  ended: Ended,
): Promise<never> {
  const id = job.id ?? '';
  const [attempt, attempts] = attemptsOf(job);
  const facts = { queue: work.queue, job: id, attempt };
  if (worthRetrying(error, attempt, attempts, settings)) {
    log.warn({ ...facts, err: error }, 'An attempt failed; it will be tried again');
    ended('retried', error);
    throw new AttemptFailed(pauseBeforeRetry(attempt, error, settings));
  }
  ended(work.kind === 'intake' && isRefusal(error) ? 'refused' : 'failed', error);
  await work.giveUp(id, failureOf(error, log, facts), error);
  throw new GivenUp();
}

/** @param error what BullMQ failed the job for */
async function afterwards(
  { log, observer }: QueueContext,
  work: Work,
  id: string,
  error?: Error,
): Promise<void> {
  try {
    // BullMQ fails a job that stalled too often without running it: nobody has been told yet.
    if (error !== undefined && !(error instanceof GivenUp)) {
      const lost = workersLost();
      observer.lost(work.kind);
      await work.giveUp(id, failureOf(lost, log, { queue: work.queue, job: id }), lost);
    }
    await work.ended(id);
  } catch (reason) {
    log.warn({ job: id, err: reason }, 'The end of a job is left to the sweeper');
  }
}

/** What is said where a job's workers died again and again. */
export function workersLost(): ImpastoError {
  return new ImpastoError({
    code: 'workers-lost',
    userMessage: 'Painting this picture broke off again and again. Try another picture or a smaller one.',
    report: true,
    publicMessage: true,
  });
}

/** Why the signal of a job aborts that another worker is to do. */
class HandedBack extends Error {}

/** What BullMQ is told of a failure. What really happened is in the log: jobs keep no strangers' text. */
class AttemptFailed extends Error {
  readonly pauseMs: number;
  constructor(pauseMs: number) {
    super('attempt failed');
    this.pauseMs = pauseMs;
  }
}
class GivenUp extends UnrecoverableError {}

/** Await work; once its signal has aborted, no longer than `abortMs`. */
async function untilAborted(work: Promise<void>, signal: AbortSignal, abortMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const abandoned = new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => {
      timer = setTimeout(() => fail(signal.reason), abortMs);
    });
  });
  try {
    await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
  }
}
