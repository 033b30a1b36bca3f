import sharp, { type Sharp } from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { createPool, type Pool } from '../../src/cli/pool/pool.ts';
import { childEnvironment, readConfig } from '../../src/config.ts';
import { memoryLimits } from '../deploy/limits.ts';
import { family } from './proc.ts';

/** What a bot itself takes at its most: see the table in docs/operating.md, where its child is counted in. */
const BOT_BYTES = 512 * 1024 ** 2;

/** As large as a picture may be, by the limits of a bot that is not told otherwise. */
const SIDE = 7070;

const limits = (['discord', 'slack'] as const).flatMap(memoryLimits);
const smallest = Math.min(...limits.map(({ bytes }) => bytes));
const childBytes = Math.max(...limits.map((limit) => limit.childBytes));

// Children are started as this process was; from `src` they have to be taught TypeScript.
process.execArgv.push('--import', import.meta.resolve('tsx'));

let pool: Pool | undefined;
let watching: NodeJS.Timeout;
let peaks: Map<number, number>;
afterEach(async () => {
  clearInterval(watching);
  await pool?.close();
  pool = undefined;
});

/** The child of a bot, as the manifests set it up. */
function start(): Pool {
  const config = readConfig({});
  pool = createPool({
    setup: {
      models: config.models,
      provider: 'cpu',
      precision: 'auto',
      providerFallback: true,
      threads: 1,
      workingSize: config.workingSize,
      upscaleMegapixels: config.upscaleMegapixels,
      limits: { bytes: config.pictureMegabytes * 1024 ** 2, pixels: config.pictureMegapixels * 1e6 },
    },
    env: childEnvironment(process.env),
    children: 1,
    jobSeconds: config.jobSeconds,
    childBytes,
    childJobs: config.childJobs,
    onFallback: () => undefined,
    onPlaced: () => undefined,
  });
  peaks = new Map();
  watching = setInterval(look, 25);
  return pool;
}

function look(): void {
  for (const { pid, peakBytes } of family(process.pid)) {
    if (pid !== process.pid) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakBytes));
  }
}

function expectRoom(what: string): void {
  look();
  const most = Math.max(...peaks.values());
  console.log(`${what}: a bot’s child takes at most ${Math.round(most / 1e6)} MB`);
  expect(peaks.size, 'the child was seen').toBeGreaterThan(0);
  // Whatever a child holds that was kept, there is room for a picture more.
  expect(BOT_BYTES + childBytes + most).toBeLessThan(smallest);
}

function large(side: number, channels: 3 | 4): Sharp {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const tile = sharp({ create: { width: 500, height: 500, channels: 3, background: 'grey', noise } });
  return channels === 4 ? tile.ensureAlpha(0.5).resize(side, side) : tile.resize(side, side);
}

it.each([
  [
    'an interlaced PNG of 16 bits with alpha',
    () =>
      sharp({ create: { width: SIDE, height: SIDE, channels: 4, background: '#c8643280' } })
        .toColourspace('rgb16')
        .png({ progressive: true }),
  ],
  [
    'a progressive JPEG in CMYK',
    () => large(SIDE, 3).toColourspace('cmyk').jpeg({ quality: 50, progressive: true }),
  ],
  ['a WebP with alpha', () => large(SIDE, 4).webp({ quality: 50, effort: 0 })],
])(
  '%s of 50 megapixels is looked at, again and again, in the memory that deploy/ leaves',
  async (what, made) => {
    const bytes = await made().toBuffer();
    const child = start();
    for (let time = 0; time < 3; time++) {
      expect(await child.inspect(bytes)).toMatchObject({ width: SIDE, height: SIDE });
    }
    expectRoom(what);
  },
);

const ALL = ['jpeg', 'webp', 'png'] as const;

it.each([
  ['a PNG with alpha of 64 megapixels', 8000, 4, ['flat-jpeg'], 'image/jpeg'],
  ['a PNG with alpha of 25 megapixels', 5000, 4, ALL, 'image/webp'],
  ['a PNG of 64 megapixels', 8000, 3, ALL, 'image/jpeg'],
] as const)(
  '%s is made to fit in the memory that deploy/ leaves',
  async (what, side, channels, formats, contentType) => {
    const bytes = await large(side, channels).png({ compressionLevel: 1 }).toBuffer();
    const fitted = await start().recode(bytes, bytes.length - 1, formats);
    expect(fitted?.contentType).toBe(contentType);
    expectRoom(what);
  },
);
