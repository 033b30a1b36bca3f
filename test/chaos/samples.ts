import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { family, type Process } from '../e2e/proc.ts';
import type { House } from './house.ts';
import { TARGETS, type Target } from './plan.ts';
import { usage } from './usage.ts';

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
  const processors = { discord: usage(), slack: usage(), worker: usage(), redis: usage() };
  let on = true;
  const running = (async () => {
    while (on) {
      for (const target of TARGETS) {
        const pid = house.pid(target);
        if (pid === undefined) continue;
        const all = family(pid);
        processors[target].see(all);
        const sample = sampleOf(pid, all);
        if (sample !== undefined) samples[target].push(sample);
      }
      await also();
      await sleep(everyMs);
    }
  })();
  return {
    samples,
    processorSeconds: (target) => processors[target].seconds(),
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
