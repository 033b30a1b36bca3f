import type { Redis } from 'ioredis';
import { createJobs, type Jobs } from './jobs.ts';
import type { Log } from './log.ts';
import { type Observer, unobserved } from './observer.ts';
import { createRecords, type Records } from './records.ts';
import { connectTwin } from './redis.ts';
import { defaultSettings, type QueueSettings } from './settings.ts';

/** What everything in the queue's room is made from: one connection, and what is kept through it. */
export interface QueueContext {
  readonly redis: Redis;
  readonly log: Log;
  readonly observer: Observer;
  readonly settings: QueueSettings;
  readonly records: Records;
  readonly jobs: Jobs;
  /** Another connection like this one, for listening to channels; the caller ends it. */
  subscriber(): Redis;
  /** Release what hangs on the connection; the connection itself stays the caller's. */
  close(): Promise<void>;
}

/**
 * @param redis a producer's connection for `createRequestQueue`, a consumer's for everything else (`connect`)
 */
export function createQueueContext(
  redis: Redis,
  log: Log,
  settings: Partial<QueueSettings> = {},
  observer: Observer = unobserved,
): QueueContext {
  const all: QueueSettings = { ...defaultSettings, ...settings };
  const jobs = createJobs(redis, log, all);
  return {
    redis,
    log,
    observer,
    settings: all,
    records: createRecords(redis, all),
    jobs,
    subscriber: () => {
      const subscriber = connectTwin(redis);
      // Its twin tells the log when Redis is away.
      subscriber.on('error', () => undefined);
      return subscriber;
    },
    close: () => jobs.close(),
  };
}
