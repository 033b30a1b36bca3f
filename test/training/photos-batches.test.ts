import { copyFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type PhotoBatchesOptions,
  type PhotoBatchReader,
  photoBatches,
} from '../../src/training/photos/batches.ts';
import { openPhotos } from '../../src/training/photos/source.ts';
import { newFolder, put, putCharts, whereFrom } from './photos-files.ts';

const CROP = 16;
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

async function open({
  shortSide = 20,
  ...options
}: Partial<PhotoBatchesOptions> & { shortSide?: number } = {}): Promise<PhotoBatchReader> {
  const all = { seed: 1, batch: 4, cut: { crop: CROP, shortSide }, flips: true, ...options };
  const reader = photoBatches(await openPhotos(folder), all);
  opened.push(reader);
  return reader;
}

function cropsOf(batch: Float32Array): ReturnType<typeof whereFrom>[] {
  const size = 3 * CROP * CROP;
  return Array.from({ length: batch.length / size }, (_, slot) =>
    whereFrom(batch.subarray(slot * size, (slot + 1) * size), CROP),
  );
}

describe('batches', () => {
  it('are squares of the photos from everywhere in them, mirrored or not, each photo once an epoch', async () => {
    await putCharts(folder, 8, 30, 20);
    const reader = await open();
    const crops = [];
    for (let step = 1; step <= 40; step++) crops.push(...cropsOf(await reader.batch(step)));
    const found = crops.filter((crop) => crop !== undefined);
    expect(found.length).toBe(160);
    for (let epoch = 0; epoch < 20; epoch++) {
      const numbers = found.slice(epoch * 8, epoch * 8 + 8).map(({ number }) => number);
      expect(numbers.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
    expect(new Set(found.map(({ left }) => left))).toEqual(
      new Set(Array.from({ length: 15 }, (_, left) => left)),
    );
    expect(new Set(found.map(({ top }) => top))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(found.filter(({ flipped }) => flipped).length).toBeGreaterThan(50);
    expect(found.filter(({ flipped }) => !flipped).length).toBeGreaterThan(50);
  });

  it('are the same for the same step, in whatever order, with or without cache and reading ahead', async () => {
    await putCharts(folder, 7, 24, 33);
    const one = await open();
    const steps = [1, 2, 3, 4, 5, 6];
    const uninterrupted = [];
    for (const step of steps) uninterrupted.push(await one.batch(step));
    const other = await open({ readAhead: 0, cacheBytes: 1 });
    for (const step of [6, 1, 5, 5, 2]) expect(await other.batch(step)).toEqual(uninterrupted[step - 1]);
    const resumed = await open({ readAhead: 9 });
    expect(await resumed.batch(5)).toEqual(uninterrupted[4]);
    expect(await one.batch(3)).toEqual(uninterrupted[2]);
    const another = await open({ seed: 2 });
    expect(await another.batch(1)).not.toEqual(uninterrupted[0]);
  });

  it('may be of a whole photo, and not of more', async () => {
    await putCharts(folder, 1, CROP, CROP);
    const reader = await open({ shortSide: CROP, batch: 2, flips: false });
    const whole = { number: 0, left: 0, top: 0, flipped: false };
    expect(cropsOf(await reader.batch(1))).toEqual([whole, whole]);
    await expect(open({ shortSide: CROP - 1 })).rejects.toThrow(RangeError);
  });
});

describe('damaged photos', () => {
  const cutOff = async (number: number): Promise<void> => truncate(join(folder, `photo-0${number}.png`), 90);

  it('are passed over, told of once, and replaced alike in a run that is resumed', async () => {
    await putCharts(folder, 9, 20, 20);
    await cutOff(4);
    const heard: string[] = [];
    const one = await open({ onDamaged: (file, reason) => heard.push(`${file}: ${reason.length > 0}`) });
    const batches = [];
    for (let step = 1; step <= 9; step++) batches.push(await one.batch(step));
    const numbers = batches.flatMap(cropsOf).map((crop) => crop?.number);
    expect(new Set(numbers)).toEqual(new Set([0, 1, 2, 3, 5, 6, 7, 8]));
    expect(heard).toEqual(['photo-04.png: true']);
    const resumed = await open();
    for (const step of [7, 8, 9]) expect(await resumed.batch(step)).toEqual(batches[step - 1]);
  });

  it.each([
    ['all of them', 1, 1],
    ['all of many', 6, 6],
    ['more than a twentieth', 9, 2],
  ])('are an error where they are %s', async (_, count, damaged) => {
    await putCharts(folder, count, 20, 20);
    for (let number = 0; number < damaged; number++) await cutOff(number);
    const reader = await open({ batch: 9 });
    await expect(reader.batch(1)).rejects.toMatchObject({
      code: 'photos-damaged',
      userMessage: expect.stringContaining(folder),
      data: { photos: count },
    });
    await expect(reader.batch(1)).rejects.toMatchObject({ code: 'photos-damaged' });
  });

  it('may also have gone, or be something else', async () => {
    await putCharts(folder, 2, 20, 20);
    const heard: string[] = [];
    const reader = await open({ onDamaged: (file) => heard.push(file) });
    await copyFile(join(folder, 'photo-01.png'), join(folder, 'photo-00.png'));
    await put(folder, 'photo-01.png', '<html>');
    expect(cropsOf(await reader.batch(1)).map((crop) => crop?.number)).toEqual([1, 1, 1, 1]);
    expect(heard).toEqual(['photo-01.png']);
  });
});

describe('the end', () => {
  it('fails what is awaited, and all that is asked for later', async () => {
    await putCharts(folder, 2, 20, 20);
    const reader = await open();
    const awaited = expect(reader.batch(1)).rejects.toMatchObject({ code: 'photo-reader-ended' });
    await reader.close();
    await awaited;
    await expect(reader.batch(2)).rejects.toMatchObject({ code: 'photo-reader-ended' });
    await reader.close();
  });
});
