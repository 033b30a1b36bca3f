import { expect, it } from 'vitest';
import { usage } from './usage.ts';

it('counts what is used from the first look on, and all of what came later', () => {
  const processor = usage();
  const bot = { pid: 7, startedTicks: 100 };
  processor.see([{ ...bot, processorSeconds: 5 }]);
  processor.see([
    { ...bot, processorSeconds: 6 },
    { pid: 8, startedTicks: 300, processorSeconds: 2 },
  ]);
  expect(processor.seconds()).toBe(3);
  // Killed and started anew, with a number that was used before.
  processor.see([{ pid: 8, startedTicks: 500, processorSeconds: 0.5 }]);
  expect(processor.seconds()).toBe(3.5);
});
