import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { visit } from '../bots/playground/visitor.ts';
import { processesNaming } from '../e2e/proc.ts';
import {
  eventually,
  redisBinary,
  startTestRedis,
  type TestRedis,
  temporaryFolder,
} from '../queue/support.ts';
import { createProgram, type Part } from './program.ts';

/* What whole processes of the built program do once their Redis is gone, and at a second signal. */

const LIMIT_MS = 60_000;
let state: string;
const program = createProgram(() => ({
  IMPASTO_STATE: state,
  HOME: state,
  IMPASTO_REDIS_BINARY: redisBinary,
}));

beforeEach(() => {
  state = temporaryFolder();
});
afterEach(async () => {
  await program.endAll();
  for (const { pid } of processesNaming(state)) process.kill(pid, 'SIGKILL');
  await eventually(() => processesNaming(state).length === 0, LIMIT_MS);
  await rm(state, { recursive: true });
});

/** The lines of the log that begin with these words. */
function logged(part: Part, words: string): readonly string[] {
  return part
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(`"msg":"${words}`));
}

describe('a Redis that is killed', () => {
  let redis: TestRedis;
  beforeEach(async () => {
    redis = await startTestRedis();
  });
  afterEach(() => redis.close());

  it.each([
    ['worker', 'waits for pictures', 1],
    ['playground', 'The playground is at', 2],
  ])('is told to the log of a %s, which Ctrl-C ends all the same', async (name, greeting, connections) => {
    const part = program.run([name], { REDIS_URL: redis.url });
    await eventually(() => part.said().includes(greeting), LIMIT_MS);
    process.kill(redis.pid, 'SIGKILL');
    await eventually(() => logged(part, 'Redis is away').length === connections, LIMIT_MS);
    expect(await part.ctrlC()).toBe(0);
    expect(logged(part, 'Redis is away')).toHaveLength(connections);
    expect(part.said(), 'no error of a connection beside it').not.toContain('stack');
  });

  it('ends “up”, whose own it is, with a sentence', async () => {
    const part = program.run(['up']);
    await eventually(() => part.said().includes('Impasto is at'), LIMIT_MS);
    process.kill(ownRedis(), 'SIGKILL');
    expect(await part.ended()).toBe(1);
    expect(part.said()).toContain('Redis has ended, so everything else ends too.');
    await eventually(() => processesNaming(state).length === 0, LIMIT_MS);
  });
});

describe('a second signal', () => {
  it.each<[NodeJS.Signals, NodeJS.Signals, number]>([
    ['SIGINT', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
  ])('ends a painting, its child and the private Redis at once: %s, %s', async (first, second, code) => {
    const part = program.run(['up']);
    const [, url = ''] = await eventually(() => /at (http:\S+)/.exec(part.said()), LIMIT_MS);
    const ada = await visit(url);
    const page = await ada.follow();
    const { picture } = (await ada.upload(await aLargePhoto())).body;
    await ada.say('/stylize starry-night', [picture.id]);
    await eventually(() => page.progress().some(({ fraction = 0 }) => fraction > 0), LIMIT_MS);
    page.leave();
    process.kill(part.pid, first);
    await eventually(() => part.said().includes('Once more to stop at once'), LIMIT_MS);
    expect(await part.end(second)).toBe(code);
    await eventually(() => processesNaming(state).length === 0, LIMIT_MS);
  });

  it('is none where npm hands on the first once more', async () => {
    const part = program.run(['up'], { npm_lifecycle_event: 'up' });
    await eventually(() => part.said().includes('Impasto is at'), LIMIT_MS);
    process.kill(part.pid, 'SIGINT');
    await eventually(() => part.said().includes('Once more to stop at once'), LIMIT_MS);
    expect(await part.end('SIGINT')).toBe(0);
    expect(processesNaming(state)).toEqual([]);
  });
});

function ownRedis(): number {
  const found = processesNaming(state).find(({ args }) => args.includes('unixsocket'));
  if (found === undefined) throw new Error('“up” has no Redis');
  return found.pid;
}

async function aLargePhoto(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  return sharp({ create: { width: 1536, height: 1536, channels: 3, background: 'grey', noise } })
    .jpeg()
    .toBuffer();
}
