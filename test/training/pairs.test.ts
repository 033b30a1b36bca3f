import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resizeBicubic } from '../../src/images/bicubic.ts';
import type { Picture } from '../../src/images/picture.ts';
import { psnr } from '../../src/images/psnr.ts';
import { fromPlanes } from '../../src/inference/planes.ts';
import { type PhotoBatchReader, photoBatches } from '../../src/training/photos/batches.ts';
import type { PairsCut } from '../../src/training/photos/messages.ts';
import { pairOf, readTruth } from '../../src/training/photos/pairs.ts';
import { openPhotos } from '../../src/training/photos/source.ts';
import { textPicture } from '../../src/training/photos/text-picture.ts';
import { randomSource } from '../../src/training/random.ts';
import { newFolder, putCharts, whereFrom } from './photos-files.ts';
import { putPicture, waves } from './support.ts';

const CUT: PairsCut = {
  factor: 4,
  patch: 16,
  shrink: 1,
  degradation: 'bicubic',
  jpegQuality: [30, 50],
  cleanShare: 0,
  textShare: 0,
};
const BATCH = 3;
let folder = '';
let opened: PhotoBatchReader[] = [];

beforeEach(async () => {
  folder = await newFolder();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((reader) => reader.close()));
  await rm(folder, { recursive: true });
});

async function open(cut: Partial<PairsCut> = {}, others: object = {}): Promise<PhotoBatchReader> {
  const options = { seed: 1, batch: BATCH, flips: false, cut: { ...CUT, ...cut }, ...others };
  const reader = photoBatches(await openPhotos(folder), options);
  opened.push(reader);
  return reader;
}

/** The small crops of a batch, and their truths. */
function split(
  batch: Float32Array,
  { factor, patch }: PairsCut = CUT,
): { lows: Picture[]; highs: Picture[] } {
  const low = 3 * patch * patch;
  const high = low * factor ** 2;
  expect(batch.length).toBe(BATCH * (low + high));
  const part = (start: number, size: number, side: number, slot: number): Picture =>
    fromPlanes(batch.subarray(start + slot * size, start + (slot + 1) * size), side, side);
  const slots = Array.from({ length: BATCH }, (_, slot) => slot);
  return {
    lows: slots.map((slot) => part(0, low, patch, slot)),
    highs: slots.map((slot) => part(BATCH * low, high, factor * patch, slot)),
  };
}

async function putWaves(count: number, width = 150, height = 130): Promise<void> {
  for (let number = 0; number < count; number++)
    await putPicture(join(folder, `photo-${number}.png`), waves(number, width, height));
}

describe('pairs', () => {
  it('are crops of the small photo, and of the photo where those lie', async () => {
    await putCharts(folder, 3, 131, 122);
    const batch = await (await open()).batch(1);
    const { highs } = split(batch);
    const start = BATCH * 3 * CUT.patch ** 2;
    const size = 3 * (CUT.factor * CUT.patch) ** 2;
    for (const slot of highs.keys()) {
      const found = whereFrom(batch.subarray(start + slot * size, start + (slot + 1) * size), 64);
      expect(found).toMatchObject({ flipped: false });
      expect([(found?.left ?? 1) % 4, (found?.top ?? 1) % 4]).toEqual([0, 0]);
      // Charts are ramps: a small pixel is the mean of the block that it stands for.
      const [x, y] = [5, 9];
      const low = batch[slot * 3 * 256 + y * 16 + x] ?? 0;
      expect(Math.abs(low - ((found?.left ?? 0) + 4 * x + 1.5))).toBeLessThanOrEqual(1);
    }
  });

  it('may be mirrored and turned, both sides alike', async () => {
    await putWaves(3);
    const reader = await open({}, { flips: true });
    for (const step of [1, 2, 3, 4]) {
      const { lows, highs } = split(await reader.batch(step));
      for (const [slot, low] of lows.entries()) {
        const high = highs[slot];
        if (!high) throw new Error('a truth for each');
        // Only the border differs, where the whole photo's pixels were seen and the crop's are mirrored.
        expect(psnr(resizeBicubic(high, 16, 16), low, 'rgb')).toBeGreaterThan(30);
      }
    }
  });

  it('are the same for the same step, compressed or of text', async () => {
    await putWaves(3);
    const cut = { degradation: 'jpeg', textShare: 0.5 } as const;
    const one = await open(cut);
    const batches = [await one.batch(1), await one.batch(2), await one.batch(3)];
    const other = await open(cut, { readAhead: 0, cacheBytes: 1 });
    for (const step of [3, 1, 2]) expect(await other.batch(step)).toEqual(batches[step - 1]);
    expect(await (await open(cut, { seed: 2 })).batch(1)).not.toEqual(batches[0]);
  });

  it('are compressed on the small side only, but for the clean share', async () => {
    for (let number = 0; number < 3; number++) {
      // Grey, for compression may take colours away altogether.
      const { width, height, rgb } = waves(number, 150, 130);
      const grey = rgb.map((_, at) => rgb[at - (at % 3)] ?? 0);
      await putPicture(join(folder, `photo-${number}.png`), { width, height, rgb: grey });
    }
    const [clean, spoilt, none] = await Promise.all([
      open(),
      open({ degradation: 'jpeg' }),
      open({ degradation: 'jpeg', cleanShare: 1 }),
    ]);
    const [a, b, c] = [await clean.batch(1), await spoilt.batch(1), await none.batch(1)];
    expect(c).toEqual(a);
    const [plain, worse] = [split(a), split(b)];
    for (const slot of [0, 1, 2]) {
      const [low, compressed] = [plain.lows[slot], worse.lows[slot]];
      if (!low || !compressed) throw new Error('three crops');
      expect(psnr(low, compressed, 'rgb')).toBeLessThan(45);
      expect(psnr(low, compressed, 'rgb')).toBeGreaterThan(22);
      expect(worse.highs[slot]).toEqual(plain.highs[slot]);
    }
  });

  it('are of text alone where that is the share', async () => {
    await putWaves(2);
    const [photos, texts] = [await open(), await open({ textShare: 1 })];
    const edges = (batch: Float32Array): number => {
      const high = batch.subarray(BATCH * 3 * 256);
      return high.filter((value, at) => Math.abs(value - (high[at - 1] ?? value)) > 120).length;
    };
    expect(edges(await texts.batch(1))).toBeGreaterThan(10 * (1 + edges(await photos.batch(1))));
  });

  it('pass over a photo that is too small', async () => {
    await putWaves(3);
    await putPicture(join(folder, 'photo-9.png'), waves(9, 60, 200));
    const heard: string[] = [];
    const reader = await open(
      {},
      { onDamaged: (file: string, reason: string) => heard.push(`${file}: ${reason}`) },
    );
    for (const step of [1, 2, 3, 4]) await reader.batch(step);
    expect(heard).toEqual(['photo-9.png: it is smaller than 96 pixels']);
  });
});

describe('what a truth is', () => {
  it('is the file’s picture, or so many times smaller', async () => {
    await sharp(waves(1, 90, 60).rgb, { raw: { width: 90, height: 60, channels: 3 } })
      .png()
      .toFile(join(folder, 'a.png'));
    const whole = await readTruth(join(folder, 'a.png'), 1);
    expect(Buffer.from(whole.rgb).equals(waves(1, 90, 60).rgb)).toBe(true);
    expect(await readTruth(join(folder, 'a.png'), 2)).toEqual(resizeBicubic(whole, 45, 30));
  });

  it('is made small by the cubic kernel, after a Gaussian in the paper, and compressed after it', async () => {
    const truth = waves(3, 43, 50);
    const of = (degradation: 'bicubic' | 'paper' | 'jpeg'): ReturnType<typeof pairOf> =>
      pairOf(truth, { factor: 4, degradation }, 30);
    const [plain, paper, jpeg] = [await of('bicubic'), await of('paper'), await of('jpeg')];
    expect([plain.high.width, plain.high.height, plain.low.width, plain.low.height]).toEqual([
      40, 48, 10, 12,
    ]);
    expect(plain.low).toEqual(resizeBicubic(plain.high, 10, 12));
    const spread = ({ rgb }: Picture): number => Math.max(...rgb) - Math.min(...rgb);
    expect(spread(paper.low)).toBeLessThan(spread(plain.low));
    expect(jpeg.low).not.toEqual(plain.low);
  });
});

describe('a picture of text', () => {
  it('is the same for the same numbers, of the size asked for, and has ink and ground', async () => {
    const one = await textPicture(128, 4, randomSource(5));
    expect(await textPicture(128, 4, randomSource(5))).toEqual(one);
    expect(await textPicture(128, 4, randomSource(6))).not.toEqual(one);
    expect([one.width, one.height]).toEqual([128, 128]);
    const levels = new Set(one.rgb);
    expect(Math.max(...levels) - Math.min(...levels)).toBeGreaterThan(100);
  });
});
