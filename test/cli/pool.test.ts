import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../../src/cli/pool/pool.ts';
import { childEnvironment } from '../../src/config.ts';
import { ImpastoError, UserError } from '../../src/errors.ts';
import type { PaintJob } from '../../src/inference/paint-bytes.ts';
import { createArtefacts } from '../../src/queue/artefacts.ts';
import { catalogueFolder } from '../inference/support.ts';
import { mixedCatalogue } from '../inference/upscaler-support.ts';
import { eventually, startTestRedis, type TestRedis } from '../queue/support.ts';

// Children are started as this process was; from `src` they have to be taught TypeScript.
process.execArgv.push('--import', import.meta.resolve('tsx'));

const JOB: PaintJob = { style: 'mosaic', options: { strength: 1, keepColors: false, detail: 'working' } };
const STORE = { ttlSeconds: 60, budgetBytes: 50_000_000 };

let models: string;
let redis: TestRedis;
let pools: Pool[] = [];

beforeAll(async () => {
  [models, redis] = await Promise.all([catalogueFolder('mosaic'), startTestRedis()]);
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  pools = [];
});
afterAll(async () => {
  await redis.close();
  await rm(models, { recursive: true });
});

function aPool(changes: Partial<PoolOptions> = {}, setup: Partial<PoolOptions['setup']> = {}): Pool {
  const pool = createPool({
    setup: {
      models,
      provider: 'cpu',
      precision: 'auto',
      providerFallback: true,
      threads: 1,
      workingSize: 4096,
      upscaleMegapixels: 64,
      limits: {},
      artefacts: { url: redis.url, ...STORE },
      ...setup,
    },
    env: childEnvironment(process.env),
    children: 1,
    jobSeconds: 60,
    childBytes: 2 ** 33,
    childJobs: 100,
    onFallback: () => undefined,
    onPlaced: () => undefined,
    ...changes,
  });
  pools.push(pool);
  return pool;
}

function photo(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
    .png()
    .toBuffer();
}

/** The process ids of this process's children that are the pool's. */
async function children(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)]);
  const lines = stdout.split('\n').filter((line) => line.includes('tinypool'));
  return lines.map((line) => Number.parseInt(line, 10));
}

/** Begin a picture that takes long, and wait until it is being painted. */
async function begin(pool: Pool, signal?: AbortSignal): Promise<{ painting: Promise<unknown> }> {
  const bytes = await photo(1800, 1800);
  let started = false;
  const painting = pool.paint(bytes, JOB, {
    ...(signal ? { signal } : {}),
    onProgress: () => {
      started = true;
    },
  });
  painting.catch(() => undefined);
  await eventually(() => started, 60_000);
  return { painting };
}

describe('the pool', () => {
  it('paints bytes in a child, reporting how far it is', async () => {
    const fractions: number[] = [];
    const onProgress = (fraction: number): void => void fractions.push(fraction);
    const painted = await aPool().paint(await photo(60, 40), JOB, { onProgress });
    expect(painted).toMatchObject({ contentType: 'image/jpeg', width: 60, height: 40 });
    expect(await sharp(painted.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 60, height: 40 });
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('paints artefacts by their hashes', async () => {
    const artefacts = createArtefacts(redis.connect(), STORE);
    const about = { contentType: 'image/png', width: 60, height: 40 };
    const source = await artefacts.put(await photo(60, 40), about);
    const pool = aPool();
    const task = { network: 'mosaic', options: { strength: 0.5, keep_colors: true } };
    const result = await pool.paintArtefact(source, task);
    const stored = await artefacts.get(result.hash);
    expect(stored?.info).toEqual(result);
    expect(await sharp(stored?.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 60, height: 40 });
    const gone = pool.paintArtefact({ ...source, hash: '0'.repeat(64) }, task);
    await expect(gone).rejects.toMatchObject({ code: 'source-gone' });
  });

  it('enlarges an artefact where its task names a network that does', async () => {
    const mixed = await mixedCatalogue();
    const artefacts = createArtefacts(redis.connect(), STORE);
    const about = { contentType: 'image/png', width: 30, height: 20 };
    const source = await artefacts.put(await photo(30, 20), about);
    const pool = aPool({}, { models: mixed });
    const result = await pool.paintArtefact(source, { network: 'x4', options: {} });
    expect(result).toMatchObject({ width: 120, height: 80, contentType: 'image/png' });
    const small = aPool({}, { models: mixed, upscaleMegapixels: 0.005 });
    const refused = small.paintArtefact(source, { network: 'x4', options: {} });
    await expect(refused).rejects.toMatchObject({
      name: 'UserError',
      code: 'upscale-too-large',
      data: { width: 120, height: 80, pixels: 5000 },
    });
    await rm(mixed, { recursive: true });
  });

  it('brings a child’s errors over as what they are, and keeps the child', async () => {
    const pool = aPool();
    const refused = await pool.inspect(Buffer.from('no picture')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({
      code: 'image-not-an-image',
      userMessage: expect.stringContaining('no picture'),
    });
    const [first] = await children();
    const unknown = pool.paint(await photo(30, 30), { ...JOB, style: 'musaic' });
    await expect(unknown).rejects.toMatchObject({ name: 'UserError', code: 'style-unknown' });
    expect(await pool.inspect(await photo(30, 20))).toMatchObject({ width: 30, height: 20 });
    expect(await children()).toEqual([first]);
  });

  it('refuses what is beyond its limits', async () => {
    const pool = aPool({}, { limits: { pixels: 100 } });
    await expect(pool.inspect(await photo(30, 20))).rejects.toMatchObject({ code: 'image-too-large' });
  });

  it('kills the child whose job is cancelled, and goes on with another', async () => {
    const pool = aPool();
    const stop = new AbortController();
    const { painting } = await begin(pool, stop.signal);
    const [child] = await children();
    stop.abort(new Error('nobody wants it any more'));
    await expect(painting).rejects.toThrow('nobody wants it any more');
    expect(child).toBeDefined();
    await eventually(async () => !(await children()).includes(child ?? 0));
    expect(await pool.inspect(await photo(30, 20))).toMatchObject({ width: 30 });
  });

  it('gives a job up after its time', async () => {
    const painting = aPool({ jobSeconds: 0.05 }).paint(await photo(1800, 1800), JOB);
    await expect(painting).rejects.toMatchObject({
      code: 'job-too-slow',
      retryable: false,
      userMessage: 'This picture was given up after 0.05 seconds. Try a smaller one.',
    });
  });

  it('says that a job may be tried again whose child was killed, and starts another', async () => {
    const pool = aPool();
    const { painting } = await begin(pool);
    const [child = 0] = await children();
    process.kill(child, 'SIGKILL');
    const error = await painting.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImpastoError);
    expect(error).toMatchObject({ code: 'child-died', retryable: true });
    expect(await pool.inspect(await photo(30, 20))).toMatchObject({ width: 30 });
  });

  it.each([
    ['after so many jobs', { childJobs: 2 }],
    ['above so much memory', { childBytes: 1 }],
  ])('replaces a child %s', async (_, limit) => {
    const pool = aPool(limit);
    const bytes = await photo(30, 20);
    const seen = new Set<number>();
    for (let job = 0; job < 4; job++) {
      let done = false;
      const inspection = pool.inspect(bytes).finally(() => {
        done = true;
      });
      // A new child is there for long before it is ready; a warm one may be done, and gone, before one looks.
      while (!done) for (const pid of await children()) seen.add(pid);
      await inspection;
    }
    expect(seen.size).toBeGreaterThan(1);
    expect((await children()).length).toBeLessThanOrEqual(1);
  });

  it('says which provider is missing, once, and paints on the cpu; or refuses where that is asked for', async () => {
    const said: string[] = [];
    const placed: unknown[] = [];
    const onFallback = (sentence: string): number => said.push(sentence);
    const pool = aPool({ onFallback, onPlaced: (found) => placed.push(found) }, { provider: 'cuda' });
    for (const side of [30, 31]) await pool.paint(await photo(side, 20), JOB);
    expect(said).toEqual([expect.stringContaining('The provider cuda can’t start'.replace('’', "'"))]);
    await pool.tryProvider();
    expect(said).toHaveLength(1);
    expect(placed).toEqual([{ provider: 'cpu', precision: 'float32' }]);
    const strict = aPool({}, { provider: 'cuda', providerFallback: false });
    await expect(strict.tryProvider()).rejects.toMatchObject({ code: 'provider-missing' });
    await expect(strict.paint(await photo(30, 20), JOB)).rejects.toMatchObject({ code: 'provider-missing' });
  });

  it('makes a picture of ours fit', async () => {
    const pool = aPool();
    const png = await sharp(await photo(200, 100))
      .png()
      .toBuffer();
    const fitted = await pool.recode(png, png.length - 1, ['jpeg']);
    expect(fitted?.contentType).toBe('image/jpeg');
    expect(Buffer.from(fitted?.bytes ?? []).length).toBeLessThan(png.length);
    expect(await sharp(fitted?.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 200, height: 100 });
    expect(await pool.recode(png, 10, ['jpeg', 'webp'])).toBeUndefined();
  });
});
