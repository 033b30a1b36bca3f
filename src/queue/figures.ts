import type { QueueContext } from './context.ts';
import type { Artefacts } from './contract.ts';
import { createQueues } from './queues.ts';
import { answered } from './redis.ts';

/** How the jobs of one queue stand. */
export type Depth = Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed', number>>;

/** How the queue stands as a whole. */
export interface Figures {
  readonly depths: ReadonlyMap<string, Depth>;
  /** Open requests: those not begun, and those whose pictures are being made. */
  readonly line: { readonly waiting: number; readonly running: number };
  readonly artefactBytes: number;
  /** What Redis takes of the machine's memory, and what it may take; 0 for no limit. */
  readonly redisBytes: number;
  readonly redisLimitBytes: number;
}

/** Reads how the queue stands, for whoever watches it. */
export interface FiguresReader {
  /** @param queues by name (`queues.ts`) @throws ImpastoError `redis-away` */
  read(queues: Iterable<string>): Promise<Figures>;
  close(): Promise<void>;
}

/** @param context from a producer's connection, so that it fails soon where Redis is away; it stays the caller's */
export function createFigures(
  { redis, records }: Pick<QueueContext, 'redis' | 'records'>,
  artefacts: Artefacts & { total(): Promise<number> },
): FiguresReader {
  const queues = createQueues(redis);

  async function depthOf(name: string): Promise<[string, Depth]> {
    const queue = await queues.open(name);
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed');
    const sum = (...states: readonly string[]) =>
      states.reduce((all, state) => all + (counts[state] ?? 0), 0);
    const waiting = sum('wait', 'prioritized');
    return [name, { waiting, active: sum('active'), delayed: sum('delayed'), failed: sum('failed') }];
  }

  async function read(names: Iterable<string>): Promise<Figures> {
    const [depths, line, artefactBytes, memory] = await Promise.all([
      Promise.all([...names].map(depthOf)),
      records.line(),
      artefacts.total(),
      redis.info('memory'),
    ]);
    const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    return {
      depths: new Map(depths),
      line,
      artefactBytes,
      redisBytes: field('used_memory'),
      redisLimitBytes: field('maxmemory'),
    };
  }

  return { read: (names) => answered(redis, read(names)), close: () => queues.close() };
}
