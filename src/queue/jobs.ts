import type { Job, JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { createCosts } from './costs.ts';
import { keys } from './keys.ts';
import type { Log } from './log.ts';
import { TELL_LINE } from './progress-scripts.ts';
import { createQueues, deliveryQueue, inferenceQueue, intakeQueue, type JobData } from './queues.ts';
import type { ArtefactInfo, QueuedRequest, Task } from './request.ts';
import type { QueueSettings } from './settings.ts';
import { createTurns, type Share, type Turns } from './turns.ts';

/** The queues, for whoever adds to them. */
export interface Jobs {
  /**
   * See to it that a job is queued or running. A finished one of the same id makes way for it; beside a queued or
   * running one nothing is added. Safe to repeat, and to do in several processes at once.
   */
  ensureIntake(request: QueuedRequest): Promise<void>;
  /** @param request on whose account it goes where it is not there yet; where it is, it may come earlier for this one */
  ensureInference(job: string, source: ArtefactInfo, request: QueuedRequest): Promise<void>;
  ensureDelivery(platform: string, request: string): Promise<void>;
  /** A job of that priority has begun: those who come now have their turn after it. */
  began(queue: string, priority: number): Promise<void>;
  /** An inference job like this was done in so many seconds. */
  learn(source: ArtefactInfo, task: Task, seconds: number): Promise<void>;
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
  const costs = createCosts(redis);
  let line: NodeJS.Timeout | undefined;
  let closed = false;

  async function turnsOf(name: string): Promise<Turns> {
    const queue = await queues.open(name);
    const lists = [queue.toKey('wait'), queue.toKey('prioritized'), queue.toKey('active')] as const;
    return createTurns(redis, name, lists);
  }

  async function ensure(
    name: string,
    id: string,
    data: JobData,
    attempts: number,
    wish?: { readonly share: Share; readonly seconds: number },
  ): Promise<void> {
    const queue = await queues.open(name);
    const turns = await turnsOf(name);
    // A job may be taken, or finish, between a look and the step after it: then look again.
    for (let look = 0; look < 3; look++) {
      const known = await queue.getJob(id);
      if (known === undefined) break;
      const state = await known.getState();
      if (state !== 'completed' && state !== 'failed') {
        if (state === 'prioritized' && wish)
          await bringForward(known, await turns.ask(wish.share, wish.seconds));
        return;
      }
      await removeUnlessTaken(known);
    }
    const turn = wish && { priority: await turns.take(wish.share, wish.seconds) };
    await queue.add(name, data, { jobId: id, ...jobOptions(attempts, settings), ...turn });
  }

  async function tellLine(): Promise<void> {
    const queue = await queues.open(inferenceQueue);
    const lists = ['wait', 'prioritized', 'active'].map((list) => queue.toKey(list));
    const names = [keys.lineLease, keys.lineCosts, ...lists];
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
    ensureIntake: (request) =>
      ensure(intakeQueue(request.platform), request.id, { request: request.id }, settings.attempts.intake, {
        share: shareOf(request),
        seconds: INTAKE_SECONDS,
      }),
    ensureInference: async (job, source, request) => {
      const { task, trace } = request;
      const data = { source: plain(source), task, ...(trace === undefined ? {} : { trace }) };
      const known = await costs.estimate(source, task);
      if (known !== undefined) await redis.hset(keys.lineCosts, job, known.toFixed(2));
      await ensure(inferenceQueue, job, data, settings.attempts.inference, {
        share: shareOf(request),
        seconds: known ?? UNKNOWN_SECONDS,
      });
    },
    ensureDelivery: (platform, request) =>
      ensure(deliveryQueue(platform), request, { request }, settings.attempts.delivery),
    began: async (name, priority) => (await turnsOf(name)).began(priority),
    learn: costs.learn,
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

/** What fetching a picture is taken to cost, and inference of a kind that was never done. */
const INTAKE_SECONDS = 1;
const UNKNOWN_SECONDS = 5;

function shareOf({ platform, person, server }: QueuedRequest): Share {
  return { platform, person: person.id, ...(server === undefined ? {} : { server }) };
}

/** Somebody whose turn comes earlier wants a job that is in line already. */
async function bringForward(job: Job<JobData>, priority: number): Promise<void> {
  if (job.priority <= priority) return;
  try {
    await job.changePriority({ priority });
  } catch (error) {
    // It was taken meanwhile, which is as early as can be.
    if ((await job.getState()) === 'prioritized') throw error;
  }
}

/** Without what its author wrote: a job belongs to all who wait for it. */
function plain({ hash, contentType, bytes, width, height, frames }: ArtefactInfo): ArtefactInfo {
  return { hash, contentType, bytes, width, height, ...(frames === undefined ? {} : { frames }) };
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
    if (state === 'waiting' || state === 'prioritized' || state === 'delayed') throw error;
  }
}
