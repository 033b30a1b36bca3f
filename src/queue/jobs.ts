import type { Job, JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { keys } from './keys.ts';
import type { Log } from './log.ts';
import { TELL_LINE } from './progress-scripts.ts';
import { createQueues, deliveryQueue, inferenceQueue, intakeQueue, type JobData } from './queues.ts';
import type { ArtefactInfo, Task } from './request.ts';
import type { QueueSettings } from './settings.ts';

/** The queues, for whoever adds to them. */
export interface Jobs {
  /**
   * See to it that a job is queued or running. A finished one of the same id makes way for it; beside a queued or
   * running one nothing is added. Safe to repeat, and to do in several processes at once.
   */
  ensureIntake(platform: string, request: string): Promise<void>;
  /** @param trace of the request that asks first: the others that come to share the job are found by their records */
  ensureInference(job: string, source: ArtefactInfo, task: Task, trace: string | undefined): Promise<void>;
  ensureDelivery(platform: string, request: string): Promise<void>;
  /** True where the job was tried and given up (and not queued again since). */
  gaveUp(queue: string, id: string): Promise<boolean>;
  /** Take a job back that has not begun. A running one is left alone. */
  withdraw(queue: string, id: string): Promise<void>;
  /** The line in front of inference has moved: tell those in it, at most once in `progressMs`. */
  lineMoved(): void;
  close(): Promise<void>;
}

/** @param redis stays the caller's */
export function createJobs(redis: Redis, log: Log, settings: QueueSettings): Jobs {
  const queues = createQueues(redis);
  let line: NodeJS.Timeout | undefined;
  let closed = false;

  async function ensure(name: string, id: string, data: JobData, attempts: number): Promise<void> {
    const queue = await queues.open(name);
    // A job may be taken, or finish, between a look and the step after it: then look again.
    for (let look = 0; look < 3; look++) {
      const known = await queue.getJob(id);
      if (known === undefined) break;
      const state = await known.getState();
      if (state !== 'completed' && state !== 'failed') return;
      await removeUnlessTaken(known);
    }
    await queue.add(name, data, { jobId: id, ...jobOptions(attempts, settings) });
  }

  async function tellLine(): Promise<void> {
    const queue = await queues.open(inferenceQueue);
    const names = [keys.lineLease, queue.toKey('wait'), queue.toKey('active')];
    const told = await redis.eval(TELL_LINE, names.length, ...names, settings.progressMs);
    // Someone looked just before the move: look again once they may be out of date.
    if (told !== 1) later(settings.progressMs);
  }

  function later(ms: number): void {
    if (closed || line !== undefined) return;
    line = setTimeout(() => {
      line = undefined;
      tellLine().catch((error: unknown) => {
        if (!closed) log.warn({ error }, 'The line could not be told how it moves');
      });
    }, ms);
  }

  return {
    ensureIntake: (platform, request) =>
      ensure(intakeQueue(platform), request, { request }, settings.attempts.intake),
    ensureInference: (job, source, task, trace) => {
      const data = { source: plain(source), task, ...(trace === undefined ? {} : { trace }) };
      return ensure(inferenceQueue, job, data, settings.attempts.inference);
    },
    ensureDelivery: (platform, request) =>
      ensure(deliveryQueue(platform), request, { request }, settings.attempts.delivery),
    gaveUp: async (name, id) => {
      const job = await (await queues.open(name)).getJob(id);
      return (await job?.isFailed()) ?? false;
    },
    withdraw: async (name, id) => {
      const job = await (await queues.open(name)).getJob(id);
      if (job !== undefined) await removeUnlessTaken(job);
    },
    lineMoved: () => later(0),
    close: async () => {
      closed = true;
      clearTimeout(line);
      await queues.close();
    },
  };
}

/** Without what its author wrote: a job belongs to all who wait for it. */
function plain({ hash, contentType, bytes, width, height }: ArtefactInfo): ArtefactInfo {
  return { hash, contentType, bytes, width, height };
}

function jobOptions(attempts: number, { keepSeconds, backoffMs }: QueueSettings): JobsOptions {
  const kept = { age: keepSeconds, count: 1_000 };
  return {
    attempts,
    backoff: { type: 'spread', delay: backoffMs },
    removeOnComplete: kept,
    removeOnFail: kept,
    // What went wrong is for the log alone: an error's text may hold what strangers sent.
    stackTraceLimit: 0,
  };
}

/** Remove a job, unless a worker has taken it in the meantime: then it is where it should be. */
async function removeUnlessTaken(job: Job<JobData>): Promise<void> {
  try {
    await job.remove();
  } catch (error) {
    const state = await job.getState();
    if (state === 'waiting' || state === 'delayed') throw error;
  }
}
