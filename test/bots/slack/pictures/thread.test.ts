import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SlackMessage } from '../../../../src/bots/slack/pictures/message.ts';
import { latestOfThread, MOST_CALLS, PAGE } from '../../../../src/bots/slack/pictures/thread.ts';

const START = 1_700_000_000;
const MOST = 50;

/** A thread whose replies follow each other after so many seconds, as Slack shows it: page by page, oldest first. */
function aThread(gaps: readonly number[]): {
  readonly messages: readonly SlackMessage[];
  readonly latest: () => Promise<readonly string[]>;
  readonly calls: () => number;
} {
  let at = START;
  const messages = [0, ...gaps].map((gap) => {
    at += gap;
    return { ts: at.toFixed(6) };
  });
  const [parent] = messages;
  let calls = 0;
  return {
    messages,
    calls: () => calls,
    latest: async () => {
      const found = await latestOfThread(
        async (from = '0') => {
          calls += 1;
          const within = messages.filter(({ ts }) => ts === parent?.ts || Number(ts) >= Number(from));
          return { messages: within.slice(0, PAGE), more: within.length > PAGE };
        },
        parent?.ts ?? '',
        MOST,
        at + 1,
      );
      return found.map(({ ts }) => ts);
    },
  };
}

function newest(messages: readonly SlackMessage[]): readonly string[] {
  return messages
    .map(({ ts }) => ts)
    .toReversed()
    .slice(0, MOST);
}

it.each([0, 1, 49, 50, 199, 200, 201, 1_000])(
  'of a thread with %i replies the latest are found',
  async (replies) => {
    const { messages, latest, calls } = aThread(Array.from({ length: replies }, () => 7));
    expect(await latest()).toEqual(newest(messages));
    expect(calls()).toBeLessThanOrEqual(replies < PAGE ? 1 : MOST_CALLS);
  },
);

it('of a thread with ten thousand replies the latest are found, and it is not read whole', async () => {
  const { messages, latest, calls } = aThread(Array.from({ length: 10_000 }, (_, at) => 1 + (at % 5)));
  expect(await latest()).toEqual(newest(messages));
  expect(calls() * PAGE).toBeLessThanOrEqual(2_000);
});

it('whenever they were written, a thousand are known for sure', async () => {
  const gap = fc.oneof(
    fc.constant(0.000_1),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 3_600, max: 3e7 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(gap, { minLength: 0, maxLength: 1_000, size: 'max' }), async (gaps) => {
      const { messages, latest, calls } = aThread(gaps);
      expect(await latest()).toEqual(newest(messages));
      expect(calls()).toBeLessThanOrEqual(MOST_CALLS);
    }),
    { numRuns: 60 },
  );
});

it('however long it is, the last reply is found where somebody wrote it after a year', async () => {
  const gaps = [...Array.from({ length: 5_000 }, () => 1), 3e7];
  const { messages, latest, calls } = aThread(gaps);
  expect((await latest())[0]).toBe(messages.at(-1)?.ts);
  expect(calls()).toBeLessThanOrEqual(MOST_CALLS);
});
