import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { family, type Process } from '../e2e/proc.ts';
import type { House } from './house.ts';
import { TARGETS, type Target } from './plan.ts';

/** What a process and its children hold. */
export interface Sample {
  readonly residentBytes: number;
  /** Open files, sockets and pipes of the process itself. */
  readonly handles: number;
}

/** Looks at the processes now and then, until told to stop; one that is gone just then is left out. */
export interface Sampler {
  readonly samples: Readonly<Record<Target, readonly Sample[]>>;
  /** What a target used of the processor while it was looked at, all its processes together, those that were killed too. */
  processorSeconds(target: Target): number;
  stop(): Promise<void>;
}

/** @param also what else is to be looked at, each time */
export function startSampler(
  house: Pick<House, 'pid'>,
  everyMs: number,
  also: () => Promise<void> = async () => undefined,
): Sampler {
  const samples: Record<Target, Sample[]> = { discord: [], slack: [], worker: [], redis: [] };
  const processors: Record<Target, Map<number, readonly [first: number, last: number]>> = {
    discord: new Map(),
    slack: new Map(),
    worker: new Map(),
    redis: new Map(),
  };
  let on = true;
  const running = (async () => {
    while (on) {
      for (const target of TARGETS) {
        const pid = house.pid(target);
        if (pid === undefined) continue;
        const all = family(pid);
        for (const { pid: one, processorSeconds: used } of all)
          processors[target].set(one, [processors[target].get(one)?.[0] ?? used, used]);
        const sample = sampleOf(pid, all);
        if (sample !== undefined) samples[target].push(sample);
      }
      await also();
      await sleep(everyMs);
    }
  })();
  return {
    samples,
    processorSeconds: (target) =>
      [...processors[target].values()].reduce((sum, [first, last]) => sum + last - first, 0),
    stop: async () => {
      on = false;
      await running;
    },
  };
}

function sampleOf(pid: number, all: readonly Process[]): Sample | undefined {
  try {
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    return { handles, residentBytes: all.reduce((sum, { residentBytes }) => sum + residentBytes, 0) };
  } catch (error) {
    // It was killed while we looked.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
