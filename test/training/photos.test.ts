import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Crops } from '../../src/training/photos/crops.ts';
import { readPhoto } from '../../src/training/photos/photo.ts';
import { openPhotos } from '../../src/training/photos/source.ts';
import { chart, newFolder, put } from './photos-files.ts';

let folder = '';

beforeEach(async () => {
  folder = await newFolder();
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('listing', () => {
  it.each<[string, string[]]>([
    ['a flat folder', ['b.jpg', 'a.JPEG', 'c.png', 'd.webp', 'B.jpg']],
    ['COCO', ['train2014/COCO_train2014_000000000009.jpg', 'annotations/instances_train2014.json']],
    ['COCO of 2017', ['train2017/000000000009.jpg', 'val2017/000000000139.jpg']],
    ['DIV2K', ['DIV2K_train_HR/0001.png', 'DIV2K_train_HR/0002.png']],
  ])('finds the photos of %s, in the order of code units', async (_, files) => {
    for (const file of files) await put(folder, file);
    const photos = files.filter((file) => !file.endsWith('.json')).sort();
    expect(await openPhotos(folder)).toEqual({ folder, files: photos });
  });

  it('passes over what is hidden, what is no photo, and folders that look like one', async () => {
    for (const file of [
      '.DS_Store',
      '._a.jpg',
      '.cache/b.jpg',
      '__MACOSX/c.jpg',
      'readme.txt',
      'list.jpg.txt',
    ]) {
      await put(folder, file);
    }
    await mkdir(join(folder, 'folder.jpg'));
    await expect(openPhotos(folder)).rejects.toMatchObject({ code: 'photos-none' });
    await put(folder, 'folder.jpg/a.jpg');
    expect((await openPhotos(folder)).files).toEqual(['folder.jpg/a.jpg']);
  });

  it('says that a folder is missing, is a file, or is empty', async () => {
    await put(folder, 'file');
    for (const [path, code] of [
      [join(folder, 'none'), 'photos-missing'],
      [join(folder, 'file'), 'photos-missing'],
      [folder, 'photos-none'],
    ] as const) {
      await expect(openPhotos(path)).rejects.toMatchObject({
        code,
        userMessage: expect.stringContaining(path),
      });
    }
  });
});

describe('reading a photo', () => {
  const read = async (picture: Sharp, name: string, shortSide: number): ReturnType<typeof readPhoto> => {
    await put(folder, name, await picture.toBuffer());
    return readPhoto(join(folder, name), shortSide);
  };

  it.each([
    [200, 100, 50, [100, 50]],
    [100, 200, 50, [50, 100]],
    [40, 30, 60, [80, 60]],
    [64, 64, 64, [64, 64]],
  ])('brings the short side of %i × %i to %i', async (width, height, shortSide, size) => {
    const photo = await read(chart(width, height, 0).png(), 'a.png', shortSide);
    expect([photo.width, photo.height]).toEqual(size);
    expect(photo.rgb.length).toBe(photo.width * photo.height * 3);
  });

  it('gives the pixels themselves where nothing is to be resized', async () => {
    const photo = await read(chart(3, 2, 9).png(), 'a.png', 2);
    expect([...photo.rgb]).toEqual([0, 0, 9, 1, 0, 9, 2, 0, 9, 0, 1, 9, 1, 1, 9, 2, 1, 9]);
  });

  it('turns it upright', async () => {
    const photo = await read(
      chart(60, 30, 9).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }),
      'a.jpg',
      30,
    );
    expect([photo.width, photo.height]).toEqual([30, 60]);
    // A quarter turn clockwise: x of the file grows downwards.
    expect(photo.rgb[(59 * 30 + 15) * 3] ?? 0).toBeGreaterThan((photo.rgb[15 * 3] ?? 0) + 40);
  });

  const solid = (channels: 3 | 4, background: object): Sharp =>
    sharp({ create: { width: 16, height: 16, channels, background } });
  it.each<[string, () => Sharp, string, number[]]>([
    ['grey', () => solid(3, { r: 90, g: 90, b: 90 }).toColourspace('b-w').png(), 'a.png', [90, 90, 90]],
    ['transparent', () => solid(4, { r: 200, g: 0, b: 0, alpha: 0 }).png(), 'a.png', [255, 255, 255]],
    [
      '16 bits deep',
      () => solid(3, { r: 10, g: 100, b: 200 }).toColourspace('rgb16').png(),
      'a.png',
      [10, 100, 200],
    ],
    [
      'CMYK',
      () => solid(3, { r: 255, g: 255, b: 255 }).toColourspace('cmyk').jpeg(),
      'a.jpg',
      [255, 255, 255],
    ],
    ['WebP', () => solid(3, { r: 10, g: 100, b: 200 }).webp({ lossless: true }), 'a.webp', [10, 100, 200]],
  ])('makes sRGB of one that is %s', async (_, picture, name, colour) => {
    const { rgb } = await read(picture(), name, 8);
    expect(rgb.length).toBe(8 * 8 * 3);
    for (const [index, value] of rgb.entries())
      expect(Math.abs(value - (colour[index % 3] ?? 0))).toBeLessThanOrEqual(1);
  });
});

describe('which crops a step takes', () => {
  const plan = { seed: 3, batch: 4, photos: 10, flips: true };
  const photosOf = (crops: Crops, step: number): number[] =>
    crops.of(step).map(({ candidates }) => {
      for (const index of candidates()) return index;
      return -1;
    });
  const dump = (crops: Crops, step: number): unknown =>
    crops.of(step).map(({ x, y, flip, candidates }) => [x, y, flip, ...candidates()]);

  it('is each photo once an epoch, in an order of its own', () => {
    const crops = new Crops(plan);
    const taken = Array.from({ length: 15 }, (_, index) => photosOf(crops, index + 1)).flat();
    const epochs = Array.from({ length: 6 }, (_, epoch) => taken.slice(epoch * 10, epoch * 10 + 10));
    for (const epoch of epochs)
      expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(6);
  });

  it('depends on seed and step alone, whatever was asked before', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), steps, (seed, photos, asked) => {
        const one = new Crops({ ...plan, seed, photos });
        for (const step of asked)
          expect(dump(one, step)).toEqual(dump(new Crops({ ...plan, seed, photos }), step));
      }),
      { numRuns: 20 },
    );
  });

  it('differs from seed to seed and from step to step, and spreads evenly', () => {
    const all = [1, 2].flatMap((seed) => {
      const crops = new Crops({ ...plan, seed });
      return Array.from({ length: 250 }, (_, index) => crops.of(index + 1)).flat();
    });
    expect(new Set(all.map(({ x, y }) => `${x} ${y}`)).size).toBe(2000);
    for (const part of [all.map(({ x }) => x), all.map(({ y }) => y), all.map(({ flip }) => Number(flip))]) {
      const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    }
    expect(Math.min(...all.map(({ x }) => x))).toBeLessThan(0.01);
    expect(Math.max(...all.map(({ y }) => y))).toBeGreaterThan(0.99);
  });

  it('mirrors nothing without flips, and changes nothing else by it', () => {
    const flipped = new Crops(plan).of(5);
    const plain = new Crops({ ...plan, flips: false }).of(5);
    expect(plain.map(({ flip }) => flip)).toEqual([false, false, false, false]);
    expect(plain.map(({ x, y }) => [x, y])).toEqual(flipped.map(({ x, y }) => [x, y]));
  });

  it('names every photo as a substitute before it gives up', () => {
    const [first] = new Crops(plan).of(7);
    expect([...(first?.candidates() ?? [])].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
