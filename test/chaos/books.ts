import { keys } from '../../src/queue/keys.ts';
import { createQueues, deliveryQueue, inferenceQueue, intakeQueue } from '../../src/queue/queues.ts';
import { connect, PREFIX } from '../../src/queue/redis.ts';
import { memoryLog } from '../queue/support.ts';

/** What Redis holds, looked at from outside. */
export interface Books {
  /** Requests that are open, and jobs that are queued, running or given up. */
  left(): Promise<readonly string[]>;
  /** What is wrong with the artefacts: a key without an end, books that do not add up. */
  faults(artefactSeconds: number): Promise<readonly string[]>;
  /** How many artefacts there are. */
  artefacts(): Promise<number>;
  /**
   * How many keys there are, those without an end apart (finished jobs, which end by their age, are none of those), and
   * what all artefacts take.
   */
  count(): Promise<{ readonly keys: number; readonly endless: number; readonly artefactBytes: number }>;
  close(): Promise<void>;
}

const QUEUES: readonly string[] = [
  inferenceQueue,
  ...['discord', 'slack'].flatMap((platform) => [intakeQueue(platform), deliveryQueue(platform)]),
];
const STATES = ['wait', 'prioritized', 'active', 'delayed', 'failed', 'waiting-children'] as const;

/** Of BullMQ's keys, those of jobs: a queue's name and an id. */
const JOB = new RegExp(`^${PREFIX.replace(/[{}]/g, '\\$&')}:(${QUEUES.join('|')}):[^:]*-[^:]*$`);

export function openBooks(url: string): Books {
  const redis = connect(url, 'producer', memoryLog());
  const queues = createQueues(redis);

  async function names(pattern: string): Promise<readonly string[]> {
    const all: string[] = [];
    for await (const some of redis.scanStream({ match: pattern, count: 1_000 })) all.push(...some);
    return [...new Set(all)];
  }

  async function left(): Promise<readonly string[]> {
    const found: string[] = [];
    const open = await redis.zcard(keys.open);
    if (open > 0) found.push(`${open} open requests`);
    for (const name of QUEUES) {
      const counts = await (await queues.open(name)).getJobCounts(...STATES);
      for (const state of STATES) {
        const count = counts[state] ?? 0;
        if (count > 0) found.push(`${count} jobs of ${name} are ${state}`);
      }
    }
    return found;
  }

  async function faults(artefactSeconds: number): Promise<readonly string[]> {
    const [expiry, sizes, total] = keys.books;
    const found: string[] = [];
    const kinds = ['artefact-info', 'artefact', 'owners', 'result', 'place', 'notes', 'request'];
    for (const kind of kinds) {
      const most = kind.startsWith('artefact') || kind === 'owners' ? artefactSeconds : 72 * 3_600;
      for (const name of await names(`${PREFIX}:${kind}:*`)) {
        const ms = await redis.pttl(name);
        if (ms === -1) found.push(`${name} has no end`);
        if (ms > most * 1_000) found.push(`${name} ends in ${ms / 1_000} s, later than its time`);
      }
    }
    let sum = 0;
    const listed = await redis.hgetall(sizes);
    for (const [hash, size] of Object.entries(listed)) {
      sum += Number(size);
      const length = await redis.strlen(keys.artefactBytes(hash));
      // What was reserved by a process that died before the bytes came is given back in its time.
      if (length !== Number(size) && length > 0)
        found.push(`artefact ${hash} has ${length} bytes, not ${size}`);
      if ((await redis.zscore(expiry, hash)) === null)
        found.push(`artefact ${hash} is in the books for good`);
    }
    const counted = Number((await redis.get(total)) ?? 0);
    if (counted !== sum) found.push(`the books say ${counted} bytes, their lines ${sum}`);
    for (const name of await names(`${PREFIX}:artefact:*`)) {
      const hash = name.slice(`${PREFIX}:artefact:`.length);
      if (listed[hash] === undefined) found.push(`artefact ${hash} is in no book`);
    }
    return found;
  }

  return {
    left,
    faults,
    artefacts: async () => (await names(`${PREFIX}:artefact:*`)).length,
    count: async () => {
      const all = await names('*');
      const ends = await Promise.all(all.map((name) => redis.pttl(name)));
      const endless = all.filter((name, at) => ends[at] === -1 && !JOB.test(name));
      const artefactBytes = Number((await redis.get(keys.books[2])) ?? 0);
      return { keys: all.length, endless: endless.length, artefactBytes };
    },
    close: async () => {
      await queues.close();
      redis.disconnect();
    },
  };
}
