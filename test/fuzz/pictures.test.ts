import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool } from '../../src/cli/pool/pool.ts';
import { childEnvironment } from '../../src/config.ts';
import { ImpastoError } from '../../src/errors.ts';
import { decode, decodeAnimation, type Inspection, inspect } from '../../src/images/decode.ts';
import { guardProcess } from '../../src/images/door.ts';
import { DECODE_LIMITS, type DecodeLimits } from '../../src/images/limits.ts';
import type { Picture } from '../../src/images/picture.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks, type Networks } from '../../src/inference/network.ts';
import { type PaintedBytes, type PaintJob, paintBytes } from '../../src/inference/paint-bytes.ts';
import { mixedCatalogue } from '../inference/upscaler-support.ts';
import { type Damage, damage, damaged, type Sample } from './bytes.ts';
import { holds } from './holds.ts';
import { checked, pictureSamples } from './picture-samples.ts';
import { expectRefusal } from './refusal.ts';

/** Small, so that what gets past them is soon painted. */
const LIMITS: DecodeLimits = {
  ...DECODE_LIMITS,
  bytes: 100_000,
  pixels: 40_000,
  side: 1000,
  frames: 20,
  animationPixels: 40_000,
};

const REFUSALS = new Set([
  ...['image-empty', 'image-file-too-large', 'image-not-an-image', 'image-format-unsupported'],
  ...['image-too-large', 'image-too-many-frames', 'animation-too-large', 'image-damaged'],
]);

const JOBS: readonly PaintJob[] = [
  { style: 'waves', options: { strength: 1, keepColors: false, detail: 'working' } },
  { style: 'waves', options: { strength: 0.5, keepColors: true, detail: 'full' }, format: 'png' },
  { upscaler: 'x4', megapixels: 0.3, animationFormat: 'gif' },
];

const samples = await pictureSamples();
guardProcess(1);
let models: string;
let networks: Networks;

beforeAll(async () => {
  models = await mixedCatalogue();
  networks = createNetworks({ catalogue: await loadCatalogue(models), provider: 'cpu', threads: 1 });
});
afterAll(async () => {
  await networks.close();
  await rm(models, { recursive: true });
});

/** A sample's name, what is done to it, and whether a PNG's checksums are right all the same. */
const spoilt = fc.record({
  sample: fc.constantFrom(...samples.map(({ name }) => name)),
  damage: fc.array(damage, { minLength: 1, maxLength: 4 }),
  checked: fc.boolean(),
});

interface Spoilt {
  readonly sample: string;
  readonly damage: readonly Damage[];
  readonly checked: boolean;
}

function bytesOf(made: Spoilt): Buffer {
  const sample: Sample | undefined = samples.find(({ name }) => name === made.sample);
  if (sample === undefined) throw new TypeError(`no sample ${made.sample}`);
  const bytes = damaged(sample, made.damage, samples);
  return made.checked && sample.name.includes('PNG') ? checked(bytes) : bytes;
}

/** What became of it; undefined where it was refused as strangers' files are. */
async function taken<T>(work: Promise<T>, more: readonly string[] = []): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    expectRefusal(error, new Set([...REFUSALS, ...more]));
    return undefined;
  }
}

function expectPicture({ width, height, rgb, alpha }: Picture, pixels: number): void {
  expect(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0).toBe(true);
  expect(Math.max(width, height)).toBeLessThanOrEqual(LIMITS.side);
  expect(width * height).toBeLessThanOrEqual(pixels);
  expect(rgb.length).toBe(3 * width * height);
  if (alpha) expect(alpha.length).toBe(width * height);
}

it('sound pictures of every kind are read', async () => {
  for (const { name, bytes } of samples) {
    const frames = name.startsWith('animated') ? { frames: 4 } : {};
    expect(await inspect(bytes, LIMITS), name).toMatchObject(frames);
  }
});

it('a spoilt picture is a whole picture within the limits, or is refused in a sentence', () =>
  holds(
    fc.asyncProperty(spoilt, async (made) => {
      const bytes = bytesOf(made);
      const picture = await taken(decode(bytes, LIMITS));
      if (picture) expectPicture(picture, LIMITS.pixels);
    }),
    600,
  ));

it('a spoilt picture is looked at with the same end as if it were read', () =>
  holds(
    fc.asyncProperty(spoilt, async (made) => {
      const bytes = bytesOf(made);
      expect(await endOf(inspect(bytes, LIMITS))).toEqual(await endOf(readWhole(bytes)));
    }),
    600,
  ));

/** All of a file as it is read to be painted, told as `inspect` tells it. */
async function readWhole(bytes: Buffer): Promise<Omit<Inspection, 'contentType'>> {
  const animation = await decodeAnimation(bytes, LIMITS);
  const { width, height } = animation ?? (await decode(bytes, LIMITS));
  return { width, height, ...(animation ? { frames: animation.frames.length } : {}) };
}

async function endOf(work: Promise<Omit<Inspection, 'contentType'>>): Promise<unknown> {
  try {
    const { width, height, frames } = await work;
    return { width, height, frames };
  } catch (error) {
    return expectRefusal(error, REFUSALS).code;
  }
}

const MOVING = samples.filter(({ name }) => name.startsWith('animated')).map(({ name }) => name);

it('a spoilt animation has whole frames of one size within the limits, or is refused in a sentence', () =>
  holds(
    fc.asyncProperty(spoilt, fc.constantFrom(...MOVING), async (made, sample) => {
      const animation = await taken(decodeAnimation(bytesOf({ ...made, sample }), LIMITS));
      if (!animation) return;
      const { width, height, frames, delays, loop } = animation;
      expect(frames.length).toBeGreaterThan(1);
      expect(frames.length).toBeLessThanOrEqual(LIMITS.frames);
      expect(frames.length * width * height).toBeLessThanOrEqual(LIMITS.animationPixels);
      for (const frame of frames) {
        expect([frame.width, frame.height, frame.alpha === undefined]).toEqual([
          width,
          height,
          frames[0]?.alpha === undefined,
        ]);
        expectPicture(frame, LIMITS.animationPixels);
      }
      expect(delays.length).toBe(frames.length);
      expect([loop, ...delays].every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    }),
    250,
  ));

/** What painting can refuse of a sound picture. */
const OF_RESULTS = ['upscale-too-large', 'animation-result-too-large'];

async function expectPainted(work: Promise<PaintedBytes>): Promise<void> {
  const painted = await taken(work, OF_RESULTS);
  if (!painted) return;
  const { contentType, width, height, frames } = await inspect(painted.bytes);
  expect({ contentType, width, height, frames }).toEqual({
    contentType: painted.contentType,
    width: painted.width,
    height: painted.height,
    // Equal frames are one, to the encoder.
    frames: frames === undefined ? undefined : expect.any(Number),
  });
}

it('a spoilt picture is painted, or is refused in a sentence', () =>
  holds(
    fc.asyncProperty(spoilt, fc.constantFrom(...JOBS), (made, job) =>
      expectPainted(paintBytes(networks, bytesOf(made), job, undefined, LIMITS)),
    ),
    80,
  ));

it('a child may die of a spoilt picture, and the next one is painted', async () => {
  // Children are started as this process was; from `src` they have to be taught TypeScript.
  process.execArgv.push('--import', import.meta.resolve('tsx'));
  const pool = createPool({
    setup: {
      models,
      provider: 'cpu',
      precision: 'auto',
      providerFallback: false,
      threads: 1,
      workingSize: 512,
      upscaleMegapixels: 1,
      limits: LIMITS,
    },
    env: childEnvironment(process.env),
    children: 1,
    jobSeconds: 30,
    childBytes: 2 ** 31,
    childJobs: 1000,
    onFallback: () => undefined,
    onPlaced: () => undefined,
  });
  const [good] = samples;
  const survived = async (work: Promise<PaintedBytes>): Promise<void> => {
    try {
      await expectPainted(work);
    } catch (error) {
      const died = error instanceof ImpastoError && error.code === 'child-died';
      if (!died) throw error;
    }
  };
  try {
    await holds(
      fc.asyncProperty(spoilt, fc.constantFrom(...JOBS), async (made, job) => {
        await survived(pool.paint(bytesOf(made), job));
        expect(await pool.inspect(good?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 40, height: 30 });
      }),
      25,
    );
  } finally {
    await pool.close();
  }
});
