import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { visit } from '../bots/playground/visitor.ts';
import { catalogueFolder } from '../inference/support.ts';
import { eventually, startTestRedis, type TestRedis, temporaryFolder } from '../queue/support.ts';

/*
 * The built program, as whole processes on a Redis of the test's own: a playground and workers, which know of each
 * other only through it.
 */

const PROGRAM = resolve('dist/main.js');
const committed = resolve('models');
const hasCommitted = existsSync(`${committed}/catalogue.json`);
if (!hasCommitted)
  console.log('models/catalogue.json is missing: a tiny network stands in for the committed one');

let redis: TestRedis;
let models: string;
let state: string;
let processes: Part[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  models = hasCommitted ? committed : await catalogueFolder('starry-night');
  state = temporaryFolder();
});
afterEach(async () => {
  await Promise.all(processes.map((part) => part.end('SIGKILL')));
  processes = [];
  await redis.clear();
});
afterAll(async () => {
  await redis.close();
  await rm(state, { recursive: true });
  if (!hasCommitted) await rm(models, { recursive: true });
});

/** One process of the program. */
interface Part {
  readonly said: () => string;
  /** Wait until it ends by itself; its exit code. */
  ended(): Promise<number | null>;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

function run(args: readonly string[], env: Record<string, string> = {}): Part {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      REDIS_URL: redis.url,
      IMPASTO_MODELS: models,
      IMPASTO_STATE: state,
      PORT: '0',
      ...env,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const closed = once(child, 'close');
  const ended = async (): Promise<number | null> => {
    await closed;
    return child.exitCode;
  };
  const part: Part = {
    said: () => said,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended();
    },
  };
  processes.push(part);
  return part;
}

async function playground(): Promise<{ part: Part; url: string }> {
  const part = run(['playground']);
  const [, url = ''] = await eventually(() => /at (http:\S+)/.exec(part.said()), 60_000);
  return { part, url };
}

async function worker(): Promise<Part> {
  const part = run(['worker']);
  await eventually(() => part.said().includes('waits for pictures'), 60_000);
  return part;
}

async function photo(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
    .jpeg()
    .toBuffer();
}

describe('playground and workers', () => {
  it('paint a photo, and restyle the painting by an emoji; Ctrl-C ends both with exit code 0', async () => {
    const [{ part, url }, painter] = await Promise.all([playground(), worker()]);
    const ada = await visit(url);
    const page = await ada.follow();
    const { picture } = (await ada.upload(await photo(300, 200))).body;
    await ada.say('/stylize starry-night', [picture.id]);
    const [painting] = await eventually(() => page.thread().find(painted)?.pictures, 60_000);
    expect(painting).toMatchObject({ width: 300, height: 200 });
    const message = page.thread().find(painted);
    const catalogue = (await ada.get('/api/commands')).body;
    await ada.post('/api/reactions', {
      message: message?.id,
      picture: painting?.id,
      emoji: catalogue.styles[0]?.emoji,
    });
    await eventually(() => page.thread().filter(painted).length === 2, 60_000);
    page.leave();
    expect(await Promise.all([part.end('SIGINT'), painter.end('SIGINT')])).toEqual([0, 0]);
  });

  it('bring a picture once although its worker is killed in the middle of it', async () => {
    const [{ url }, first] = await Promise.all([playground(), worker()]);
    const ada = await visit(url);
    const page = await ada.follow();
    const { picture } = (await ada.upload(await photo(1536, 1536))).body;
    await ada.say('/stylize starry-night', [picture.id]);
    const isPainting = (): boolean => page.progress().some(({ fraction = 0 }) => fraction > 0);
    await eventually(isPainting, 60_000);
    await first.end('SIGKILL');
    expect(page.thread().some(painted), 'it was killed before it was done').toBe(false);
    await worker();
    await eventually(() => page.thread().some(painted), 60_000);
    const [answer] = page.thread().filter(painted);
    const [painting] = answer?.pictures ?? [];
    const { bytes } = await ada.get(`/api/pictures/${painting?.id}`);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 1536, height: 1536 });
    expect(page.thread().filter(({ author }) => author === 'impasto')).toHaveLength(1);
    page.leave();
  });
});

function painted({
  author,
  pictures,
}: {
  readonly author: string;
  readonly pictures: readonly unknown[];
}): boolean {
  return author === 'impasto' && pictures.length > 0;
}

describe('whoever runs it reads what is wrong', () => {
  it.each<[string, readonly string[], Record<string, string>, number, RegExp]>([
    ['no Redis is set', ['worker'], { REDIS_URL: '' }, 1, /^REDIS_URL is not set/],
    [
      'Redis is away',
      ['worker'],
      { REDIS_URL: 'redis://127.0.0.1:1' },
      1,
      /^Redis at redis:\/\/127\.0\.0\.1:1 can't be reached/,
    ],
    ['no address', ['playground'], { REDIS_URL: 'localhost' }, 1, /is no Redis address/],
    [
      'no catalogue',
      ['worker'],
      { IMPASTO_MODELS: '/nowhere' },
      1,
      /^\/nowhere\/catalogue\.json can’t be read/,
    ],
    ['a wrong setting', ['styles'], { PORT: 'eighty' }, 2, /^PORT is eighty, but should be/],
    ['an unknown command', ['paint'], {}, 2, /unknown command 'paint'/],
    ['a wrong provider', ['worker', '--provider', 'gpu'], {}, 2, /^PROVIDER is gpu, but should be/],
    [
      'a missing picture',
      ['stylize', 'starry-night', '/nowhere.jpg', '-o', '/tmp/x.jpg'],
      {},
      2,
      /^There is no file \/nowhere\.jpg/,
    ],
  ])('%s', async (_, args, env, code, sentence) => {
    const part = run(args, env);
    expect(await part.ended()).toBe(code);
    const own = part
      .said()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{'));
    expect(own[0]?.replace(/^error: /, '')).toMatch(sentence);
    expect(part.said()).not.toMatch(/^ {4}at /m);
  });

  it('a port that is taken', async () => {
    const { url } = await playground();
    const second = run(['playground'], { PORT: new URL(url).port });
    await eventually(() => second.said().includes(new URL(url).port), 60_000);
    expect(await second.ended()).toBe(1);
    expect(second.said()).toMatch(/^Port \d+ on 127\.0\.0\.1 is taken already/);
  });
});

describe('impasto stylize', () => {
  it('paints a file of the photo’s size', async () => {
    const file = `${state}/photo.jpg`;
    await sharp(await photo(200, 120)).toFile(file);
    const part = run(['stylize', 'starry-night', file, '-o', `${state}/painting.png`]);
    expect(await part.ended()).toBe(0);
    expect(part.said()).toMatch(/painting\.png: starry-night, 200 × 120 pixels/);
    const painting = await readFile(`${state}/painting.png`);
    expect(await sharp(painting).metadata()).toMatchObject({ format: 'png', width: 200, height: 120 });
  });
});
