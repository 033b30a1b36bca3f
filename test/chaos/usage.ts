import type { Process } from '../e2e/proc.ts';

/** What processes use of the processor from the first look on; those that came later, all that they ever used. */
export interface Usage {
  see(family: readonly Pick<Process, 'pid' | 'startedTicks' | 'processorSeconds'>[]): void;
  seconds(): number;
}

/** Whoever ends is counted as far as it was seen. */
export function usage(): Usage {
  const before = new Map<string, number>();
  const used = new Map<string, number>();
  let begun = false;
  return {
    see: (family) => {
      for (const { pid, startedTicks, processorSeconds } of family) {
        // Numbers are given out again.
        const name = `${pid} ${startedTicks}`;
        if (!begun) before.set(name, processorSeconds);
        used.set(name, processorSeconds - (before.get(name) ?? 0));
      }
      begun = true;
    },
    seconds: () => [...used.values()].reduce((sum, seconds) => sum + seconds, 0),
  };
}
