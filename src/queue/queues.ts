import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { answered, PREFIX } from './redis.ts';
import type { ArtefactInfo, Task } from './request.ts';

/** What a job carries: ids and names. Neither a secret nor a picture. */
export type JobData =
  | { readonly request: string }
  | { readonly source: ArtefactInfo; readonly task: Task; readonly trace?: string };

/** The queue of one platform's intake: intake and delivery run where the platform's adapter runs. */
export const intakeQueue = (platform: string): string => `intake@${platform}`;
/** The queue that all workers share. */
export const inferenceQueue = 'inference';
/** The queue of one platform's delivery. */
export const deliveryQueue = (platform: string): string => `delivery@${platform}`;

/** BullMQ's queues by name, each opened when it is first needed. */
export interface Queues {
  /** @throws ImpastoError `redis-away` */
  open(name: string): Promise<Queue<JobData>>;
  close(): Promise<void>;
}

/** @param redis stays the caller's */
export function createQueues(redis: Redis): Queues {
  const queues = new Map<string, Queue<JobData>>();
  return {
    open: async (name) => {
      const known = queues.get(name);
      if (known !== undefined) return known;
      const queue = new Queue<JobData>(name, {
        connection: redis,
        prefix: PREFIX,
        skipWaitingForReady: true,
        // Nobody reads BullMQ's own events here.
        streams: { events: { maxLen: 100 } },
      });
      // Errors of the connection are told by its own listener, those of commands to who gave them.
      queue.on('error', () => undefined);
      queues.set(name, queue);
      try {
        await answered(redis, queue.waitUntilReady());
      } catch (error) {
        // A queue that did not find Redis at first never looks again.
        queues.delete(name);
        throw error;
      }
      return queue;
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
