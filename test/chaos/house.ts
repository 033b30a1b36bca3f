import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../cli/program.ts';
import { openStation, powerCut, type Settings, type Station } from '../e2e/station.ts';
import { eventually } from '../queue/support.ts';
import type { Target } from './plan.ts';

/** Both bots, a worker and a persistent Redis; each may be killed at any moment, also while it starts. */
export interface House extends Pick<Station, 'models' | 'redisUrl' | 'said' | 'secrets'> {
  /** End it as a power cut does, and start it again after `downMs`. False where it is gone already. */
  kill(target: Target, downMs: number): boolean;
  /** Never settles but by the error that keeps something from being killed or started. */
  readonly broken: Promise<never>;
  /** Settles once all that was killed has come back and greets. @throws Error where one does not within `limitMs` */
  up(limitMs: number): Promise<void>;
  /** The process that is running; undefined where it is gone just now. */
  pid(target: Target): number | undefined;
  /** Those that ended although nobody killed them and Redis was there, with their last words. */
  readonly ended: readonly string[];
  /** How often somebody had to start one again that would not begin without Redis. */
  restarts(): number;
  close(): Promise<void>;
}

type Program = Exclude<Target, 'redis'>;

const STARTS: Readonly<Record<Program, { readonly args: readonly string[]; readonly greeting: string }>> = {
  discord: { args: ['bot', 'discord'], greeting: 'The bot is on' },
  slack: { args: ['bot', 'slack'], greeting: 'The bot is on' },
  worker: { args: ['worker'], greeting: 'The worker waits' },
};
const PROGRAMS: readonly Program[] = ['discord', 'slack', 'worker'];
const AGAIN_MS = 1_000;
/** How long Redis may take to go or to come back. */
const REDIS_MS = 60_000;

/** One that is to be running, whatever happens to it. */
interface Standing {
  part: Part | undefined;
  startedAt: number;
}

/** @param settings of all parts */
export async function openHouse(settings: () => Settings): Promise<House> {
  const station = await openStation(settings);
  const standing = new Map<Program, Standing>();
  const work = new Set<Promise<void>>();
  const ended: string[] = [];
  let breakDown: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, fail) => {
    breakDown = fail;
  });
  // Whoever waits for it hears of it.
  broken.catch(() => undefined);
  let redisIsGone = false;
  let redisBackAt = 0;
  let restarts = 0;
  let closing = false;

  /** Begun without being waited for. */
  function begin(step: () => Promise<void>): void {
    const done = step()
      .catch(breakDown)
      .finally(() => work.delete(done));
    work.add(done);
  }

  function start(program: Program): void {
    if (closing) return;
    const part = station.run(STARTS[program].args);
    const startedAt = Date.now();
    standing.set(program, { part, startedAt });
    void part.ended().then((code) => {
      const mine = standing.get(program);
      if (mine?.part !== part || closing) return;
      // Without Redis a process may end instead of beginning, and its supervisor tries again; later it must not.
      const begun = part.said().includes(STARTS[program].greeting);
      if (!begun && (redisIsGone || redisBackAt > startedAt)) restarts += 1;
      else ended.push(`${program} ended by itself with ${code}: ${part.said().slice(-2_000)}`);
      mine.part = undefined;
      begin(async () => {
        await sleep(AGAIN_MS);
        start(program);
      });
    });
  }

  async function cut(program: Program, part: Part, downMs: number): Promise<void> {
    standing.set(program, { part: undefined, startedAt: 0 });
    await powerCut(part);
    await sleep(downMs);
    start(program);
  }

  async function cutRedis(downMs: number): Promise<void> {
    redisIsGone = true;
    await within(station.killRedis(), 'Redis did not end');
    await sleep(downMs);
    await within(station.startRedis(), 'Redis did not start');
    redisBackAt = Date.now();
    redisIsGone = false;
  }

  for (const program of PROGRAMS) start(program);
  return {
    models: station.models,
    redisUrl: station.redisUrl,
    said: station.said,
    secrets: station.secrets,
    ended,
    broken,
    restarts: () => restarts,
    kill: (target, downMs) => {
      if (target === 'redis') {
        if (redisIsGone) return false;
        begin(() => cutRedis(downMs));
        return true;
      }
      const part = standing.get(target)?.part;
      if (part === undefined) return false;
      begin(() => cut(target, part, downMs));
      return true;
    },
    up: async (limitMs) => {
      const greets = (program: Program): boolean =>
        standing.get(program)?.part?.said().includes(STARTS[program].greeting) === true;
      await Promise.race([broken, eventually(() => work.size === 0 && PROGRAMS.every(greets), limitMs)]);
    },
    pid: (target) => {
      if (target === 'redis') return redisIsGone ? undefined : station.redisPid();
      return standing.get(target)?.part?.pid;
    },
    close: async () => {
      closing = true;
      await Promise.all(work);
      await station.close();
    },
  };
}

async function within(step: Promise<void>, otherwise: string): Promise<void> {
  const late = new AbortController();
  const limit = sleep(REDIS_MS, undefined, { signal: late.signal }).then(
    () => {
      throw new Error(`${otherwise} within ${REDIS_MS} ms`);
    },
    // Aborted: it came in time.
    () => undefined,
  );
  try {
    await Promise.race([step, limit]);
  } finally {
    late.abort();
  }
}
