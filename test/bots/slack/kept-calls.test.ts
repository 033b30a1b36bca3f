import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createKeptCalls, type KeptCalls } from '../../../src/bots/slack/kept-calls.ts';
import { createSealer } from '../../../src/queue/secrets.ts';
import { eventually, startTestRedis, type TestRedis } from '../../queue/support.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
beforeEach(() => redis.clear());
afterAll(() => redis.close());

interface Process {
  readonly calls: KeptCalls;
  readonly taken: unknown[];
  /** As by a power cut: it says nothing more to Redis. */
  die(): void;
}

async function aProcess({
  secret = 'a secret of enough bytes',
  liveMs = 300,
  takeUp = async (): Promise<void> => undefined,
} = {}): Promise<Process> {
  const connection = redis.connect('producer');
  const calls = createKeptCalls({
    redis: connection,
    sealer: createSealer(secret, 'slack installation'),
    log: redis.log,
    liveMs,
    againMs: 300,
  });
  const taken: unknown[] = [];
  await calls.start(async (body) => {
    await takeUp();
    taken.push(body);
  });
  return { calls, taken, die: () => connection.disconnect() };
}

const slash = {
  command: '/stylize',
  text: 'starry-night',
  response_url: 'https://hooks.slack.com/commands/1',
};

it('is taken up once where its process dies, whichever notices', async () => {
  const [first, second, third] = [await aProcess(), await aProcess(), await aProcess()];
  await first.calls.keep(slash).durable;
  first.die();
  await eventually(() => second.taken.length + third.taken.length > 0);
  await first.calls.close();
  const fourth = await aProcess();
  await eventually(async () => (await redis.connect().smembers('{impasto}:slack-callers')).length === 0);
  expect([...second.taken, ...third.taken]).toEqual([slash]);
  expect(fourth.taken).toEqual([]);
  for (const { calls } of [second, third, fourth]) await calls.close();
});

it('is taken up by the same bot, started anew', async () => {
  const first = await aProcess();
  const [kept, done] = [first.calls.keep(slash), first.calls.keep({ ...slash, text: 'great-wave' })];
  await Promise.all([kept.durable, done.durable]);
  await done.done();
  first.die();
  await first.calls.close();
  const second = await aProcess();
  await eventually(() => second.taken.length > 0);
  expect(second.taken).toEqual([slash]);
  await second.calls.close();
});

it('is nobody else’s while its process lives, and cannot be read', async () => {
  const [first, second] = [await aProcess({ liveMs: 1_000 }), await aProcess()];
  const kept = first.calls.keep(slash);
  await kept.durable;
  const own = redis.connect();
  const [key = ''] = await own.keys('*slack-calls:*');
  expect(Object.values(await own.hgetall(key)).join()).not.toMatch(/hooks|starry/);
  await new Promise((wake) => setTimeout(wake, 2_500));
  await kept.done();
  await first.calls.close();
  expect(await own.keys('*slack-calls:*')).toEqual([]);
  expect(second.taken).toEqual([]);
  await second.calls.close();
});

it('holds nothing up where Redis is gone or its secret is another, and waits for a process that has it', async () => {
  const first = await aProcess();
  await first.calls.keep(slash).durable;
  first.die();
  const unkept = first.calls.keep(slash);
  await unkept.durable;
  await unkept.done();
  await first.calls.close();
  const other = await aProcess({ secret: 'another secret of enough bytes' });
  const told = (words: string): boolean => redis.log.lines.some(({ message }) => message.includes(words));
  await eventually(() => told('could not be taken up') && told('it could not be kept'));
  expect(other.taken).toEqual([]);
  const knowing = await aProcess();
  await eventually(() => knowing.taken.length > 0);
  await eventually(async () => (await redis.connect().keys('*slack-calls:*')).length === 0);
  expect([other.taken, knowing.taken]).toEqual([[], [slash]]);
  for (const { calls } of [other, knowing]) await calls.close();
});

it('stays where it could not be seen to, and is tried again by whoever left it', async () => {
  const first = await aProcess();
  await first.calls.keep(slash).durable;
  first.die();
  await first.calls.close();
  let tries = 0;
  const second = await aProcess({
    takeUp: async () => {
      if (++tries < 3) throw new Error('not yet');
    },
  });
  await eventually(() => tries === 3);
  await eventually(async () => (await redis.connect().smembers('{impasto}:slack-callers')).length === 0);
  expect(await redis.connect().keys('*slack-calls:*')).toEqual([]);
  await second.calls.close();
  expect(tries).toBe(3);
});
