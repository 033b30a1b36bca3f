import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { samplePhotos } from '../../src/cli/samples.ts';
import { difference } from '../cli/compare.ts';
import { createProgram } from '../cli/program.ts';
import { temporaryFolder } from '../queue/support.ts';
import { family } from './proc.ts';

const WIDTH = 6000;
const HEIGHT = 4000;
const LIMIT_BYTES = 3 * 1000 ** 3;

let folder: string;
const program = createProgram(() => ({ IMPASTO_STATE: folder }));

beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(async () => {
  await program.endAll();
  await rm(folder, { recursive: true });
});

it.each([
  ['a JPEG', 'jpg'],
  ['a PNG with alpha', 'png'],
])('%s of 24 megapixels is painted in under 3 GB, child included', async (_, ending) => {
  const [sample] = samplePhotos();
  const [photo = '', painting = ''] = ['photo', 'painting'].map((name) => join(folder, `${name}.${ending}`));
  const large = sharp(sample?.file).resize(WIDTH, HEIGHT, { fit: 'fill' });
  await (ending === 'png' ? large.ensureAlpha(0.5) : large).toFile(photo);

  const started = performance.now();
  const part = program.run(['stylize', 'starry-night', photo, '-o', painting]);
  // A process's own peak never falls, so that the last look at each is enough; their sum is no less than the true one.
  const peaks = new Map<number, number>();
  const look = setInterval(() => {
    for (const { pid, peakBytes } of family(part.pid))
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakBytes));
  }, 25);
  const code = await part.ended();
  clearInterval(look);
  const seconds = (performance.now() - started) / 1000;

  expect(code, part.said()).toBe(0);
  expect(await sharp(painting).metadata()).toMatchObject({ width: WIDTH, height: HEIGHT });
  const small = (file: string): Sharp => sharp(file).resize(WIDTH / 10, HEIGHT / 10, { kernel: 'linear' });
  expect(await difference(small(photo), small(painting))).toBeGreaterThan(5);

  const bytes = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  const each = [...peaks.values()].map((peak) => `${Math.round(peak / 1e6)} MB`).join(' + ');
  console.log(
    `${WIDTH} × ${HEIGHT}: at most ${(bytes / 1e9).toFixed(2)} GB (${each}) in ${seconds.toFixed(1)} s`,
  );
  expect(peaks.size, 'the child was seen').toBeGreaterThan(1);
  expect(bytes).toBeLessThan(LIMIT_BYTES);
});
