import type { QueueContext } from './context.ts';

/**
 * Say to all whose picture was being painted that it waits again: for the start of a Redis that nobody has used since
 * its painters were killed. A painter who does live says otherwise within `progressMs`.
 */
export async function tellNobodyPaints({ records }: QueueContext): Promise<void> {
  for (const id of await records.open()) {
    const record = await records.read(id);
    if (record?.progress.state === 'running') await records.noneRuns(id);
  }
}
