import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeWhole } from '../../src/cli/picture-files.ts';
import { addStylize } from '../../src/cli/stylize.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks } from '../../src/inference/network.ts';
import { paintBytes } from '../../src/inference/paint-bytes.ts';
import { catalogueFolder } from '../inference/support.ts';

let folder: string;
let models: string;
let painters: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impasto-stylize-'));
  models = await catalogueFolder('starry-night', 'great-wave');
  painters = 0;
  await writeFile(at('in.jpg'), await gradient(40, 30).jpeg().toBuffer());
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
  await rm(models, { recursive: true });
  expect(painters, 'every painter was closed').toBe(0);
});

function at(name: string): string {
  return join(folder, name);
}

function gradient(width: number, height: number): Sharp {
  const channels = 3;
  const data = Buffer.from(
    Array.from({ length: width * height * channels }, (_, index) => (index * 7) % 256),
  );
  return sharp(data, { raw: { width, height, channels } });
}

/** `impasto stylize …`, with the painting done in this process. */
async function stylize(...words: readonly string[]): Promise<void> {
  const catalogue = await loadCatalogue(models);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addStylize(program, {
    models,
    workingSize: 64,
    pictureMegabytes: 1,
    openPainter: () => {
      painters++;
      const networks = createNetworks({ catalogue, provider: 'cpu', threads: 1 });
      return {
        paint: (bytes, job, onProgress) => paintBytes(networks, bytes, job, onProgress),
        close: async () => {
          painters--;
          await networks.close();
        },
      };
    },
  });
  await program.parseAsync(['stylize', ...words], { from: 'user' });
}

describe('impasto stylize', () => {
  it.each([
    ['out.jpg', 'jpeg'],
    ['out.JPEG', 'jpeg'],
    ['out.png', 'png'],
    ['out.webp', 'webp'],
  ])('writes %s in the format of its name, of the photo’s size', async (name, format) => {
    await stylize('starry-night', at('in.jpg'), '-o', at(name));
    expect(await sharp(at(name)).metadata()).toMatchObject({ format, width: 40, height: 30 });
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('gives the photo back at strength 0, and something else at 1', async () => {
    await stylize('starry-night', at('in.jpg'), '-o', at('none.png'), '--strength', '0');
    await stylize('starry-night', at('in.jpg'), '-o', at('all.png'));
    await stylize('starry-night', at('in.jpg'), '-o', at('kept.png'), '--keep-colors');
    const pixels = (name: string): Promise<Buffer> => sharp(at(name)).removeAlpha().raw().toBuffer();
    expect((await pixels('none.png')).equals(await pixels('in.jpg'))).toBe(true);
    expect((await pixels('all.png')).equals(await pixels('in.jpg'))).toBe(false);
    expect((await pixels('all.png')).equals(await pixels('kept.png'))).toBe(false);
  });

  it('may replace the photo by its painting', async () => {
    const before = await readFile(at('in.jpg'));
    await stylize('great-wave', at('in.jpg'), '-o', at('in.jpg'));
    expect((await readFile(at('in.jpg'))).equals(before)).toBe(false);
    expect(await sharp(at('in.jpg')).metadata()).toMatchObject({ width: 40, height: 30 });
    expect(await readdir(folder)).toEqual(['in.jpg']);
  });

  it('says what it wrote, on one line', async () => {
    await stylize('great-wave', at('in.jpg'), '-o', at('out.png'));
    expect(vi.mocked(console.log).mock.calls).toEqual([
      [expect.stringMatching(/out\.png: great-wave, 40 × 30 pixels, [\d.]+ s$/)],
    ]);
  });
});

describe('a bad input', () => {
  const cases: [what: string, code: string, words: () => readonly string[]][] = [
    ['a missing file', 'input-missing', () => ['starry-night', at('nowhere.jpg'), '-o', at('out.jpg')]],
    ['a folder', 'input-is-a-folder', () => ['starry-night', folder, '-o', at('out.jpg')]],
    ['an empty file', 'image-empty', () => ['starry-night', at('empty.jpg'), '-o', at('out.jpg')]],
    ['no image', 'image-not-an-image', () => ['starry-night', at('text.jpg'), '-o', at('out.jpg')]],
    ['a damaged image', 'image-damaged', () => ['starry-night', at('half.jpg'), '-o', at('out.jpg')]],
    ['a film', 'input-too-large', () => ['starry-night', at('film.jpg'), '-o', at('out.jpg')]],
    ['a device', 'input-not-a-file', () => ['starry-night', '/dev/zero', '-o', at('out.jpg')]],
    ['a pipe', 'input-not-a-file', () => ['starry-night', at('pipe'), '-o', at('out.jpg')]],
    ['an unknown style', 'style-unknown', () => ['stary-night', at('in.jpg'), '-o', at('out.jpg')]],
    ['an unknown ending', 'output-format-unknown', () => ['starry-night', at('in.jpg'), '-o', at('out.bmp')]],
    ['no ending', 'output-format-unknown', () => ['starry-night', at('in.jpg'), '-o', at('out')]],
    [
      'a missing output folder',
      'output-folder-missing',
      () => ['starry-night', at('in.jpg'), '-o', at('nowhere/out.jpg')],
    ],
    [
      'a file as output folder',
      'output-folder-missing',
      () => ['starry-night', at('in.jpg'), '-o', at('text.jpg/out.jpg')],
    ],
    [
      'a folder as output',
      'output-is-a-folder',
      () => ['starry-night', at('in.jpg'), '-o', at('folder.jpg')],
    ],
    [
      'a strength out of range',
      'commander.invalidArgument',
      () => ['starry-night', at('in.jpg'), '-o', at('out.jpg'), '--strength', '1.5'],
    ],
    [
      'a strength that is no number',
      'commander.invalidArgument',
      () => ['starry-night', at('in.jpg'), '-o', at('out.jpg'), '--strength', 'strong'],
    ],
  ];

  beforeEach(async () => {
    await writeFile(at('empty.jpg'), '');
    await writeFile(at('text.jpg'), 'This is not a picture. '.repeat(20));
    const whole = await gradient(200, 200).jpeg().toBuffer();
    await writeFile(at('half.jpg'), whole.subarray(0, whole.length / 2));
    await writeFile(at('film.jpg'), Buffer.alloc(1024 * 1024 + 1));
    await mkdir(at('folder.jpg'));
    await promisify(execFile)('mkfifo', [at('pipe')]);
  });

  it.each(cases)('is refused and leaves the files as they were: %s', async (_, code, words) => {
    const before = await readdir(folder);
    await writeFile(at('out.jpg'), 'what was there before');
    const error: unknown = await stylize(...words()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(error).toHaveProperty('message', expect.stringMatching(/^[^\n]+$/));
    expect(await readFile(at('out.jpg'), 'utf8')).toBe('what was there before');
    expect(await readdir(folder)).toHaveLength(before.length + 1);
    expect(console.log).not.toHaveBeenCalled();
  });

  it('suggests the style that was meant', async () => {
    await expect(stylize('stary-night', at('in.jpg'), '-o', at('out.jpg'))).rejects.toMatchObject({
      userMessage: expect.stringContaining('did you mean starry-night?'),
    });
  });

  it('leaves no half file where writing fails in the end', async () => {
    const before = await readdir(folder);
    await expect(writeWhole(at('folder.jpg'), Buffer.from('painting'))).rejects.toMatchObject({
      name: 'UserError',
      code: 'output-not-written',
    });
    expect(await readdir(folder)).toEqual(before);
  });
});
