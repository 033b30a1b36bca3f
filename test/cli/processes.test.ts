import { readFile, rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { visit } from '../bots/playground/visitor.ts';
import { eventually, startTestRedis, type TestRedis, temporaryFolder } from '../queue/support.ts';
import { createProgram, type Part } from './program.ts';

/*
 * The built program, as whole processes on a Redis of the test's own: a playground and workers, which know of each
 * other only through it.
 */

let redis: TestRedis;
let state: string;
const program = createProgram(() => ({
  REDIS_URL: redis.url,
  IMPASTO_STATE: state,
}));

beforeAll(async () => {
  redis = await startTestRedis();
  state = temporaryFolder();
});
afterEach(async () => {
  await program.endAll();
  await redis.clear();
});
afterAll(async () => {
  await redis.close();
  await rm(state, { recursive: true });
});

async function playground(): Promise<{ part: Part; url: string }> {
  const part = program.run(['playground']);
  const [, url = ''] = await eventually(() => /at (http:\S+)/.exec(part.said()), 60_000);
  return { part, url };
}

async function worker(): Promise<Part> {
  const part = program.run(['worker']);
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
    expect(await Promise.all([part.ctrlC(), painter.ctrlC()])).toEqual([0, 0]);
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
    ['an unknown command', ['paint'], {}, 2, /^Unknown command 'paint'/],
    ['a wrong provider', ['worker', '--provider', 'gpu'], {}, 2, /^PROVIDER is gpu, but should be/],
    [
      'a missing picture',
      ['stylize', 'starry-night', '/nowhere.jpg', '-o', '/tmp/x.jpg'],
      {},
      2,
      /^There is no file \/nowhere\.jpg/,
    ],
  ])('%s', async (_, args, env, code, sentence) => {
    const part = program.run(args, env);
    expect(await part.ended()).toBe(code);
    expect(part.said().trimEnd().split('\n')).toEqual([expect.stringMatching(sentence)]);
  });

  it('a port that is taken', async () => {
    const { url } = await playground();
    const second = program.run(['playground'], { PORT: new URL(url).port });
    await eventually(() => second.said().includes(new URL(url).port), 60_000);
    expect(await second.ended()).toBe(1);
    expect(second.said()).toMatch(/^Port \d+ on 127\.0\.0\.1 is taken already/);
  });
});

describe('impasto stylize', () => {
  it('paints a file of the photo’s size', async () => {
    const file = `${state}/photo.jpg`;
    await sharp(await photo(200, 120)).toFile(file);
    const part = program.run(['stylize', 'starry-night', file, '-o', `${state}/painting.png`]);
    expect(await part.ended()).toBe(0);
    expect(part.said()).toMatch(/painting\.png: starry-night, 200 × 120 pixels/);
    const painting = await readFile(`${state}/painting.png`);
    expect(await sharp(painting).metadata()).toMatchObject({ format: 'png', width: 200, height: 120 });
  });
});
