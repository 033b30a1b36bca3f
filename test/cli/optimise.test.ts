import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addOptimise } from '../../src/cli/optimise.ts';
import { decode } from '../../src/images/decode.ts';
import { psnr } from '../../src/images/psnr.ts';
import { publishStyle } from '../../src/training/publish.ts';
import { trainStyle } from '../../src/training/train-style.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import { putPicture, type TinyHouse, tinyHouse, trainingOf, waves } from '../training/support.ts';

let house: TinyHouse;
let photo: string;
let output: string;
let data: string | undefined;

beforeEach(async () => {
  house = await tinyHouse();
  data = undefined;
  photo = join(house.root, 'photo.png');
  output = join(house.root, 'painting.png');
  await putPicture(photo, waves(70, 61, 43));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of ['SIGINT', 'SIGTERM']) process.removeAllListeners(name);
  await rm(house.root, { recursive: true });
});

/** Run `impasto optimise`; what it prints on stdout. */
async function optimise(...words: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addOptimise(program, {
    data,
    models: join(house.root, 'models'),
    provider: 'cpu',
    threads: 1,
    pictureMegabytes: 1,
  });
  vi.mocked(console.log).mockClear();
  const judge = ['--loss-network', house.lossNetwork, '-o', output];
  await program.parseAsync(['optimise', photo, ...judge, ...words], { from: 'user' });
  return vi.mocked(console.log).mock.calls.flat().join('\n');
}

describe('impasto optimise', () => {
  it('paints a photo after an artwork’s file, nearer to the photo the longer it runs', async () => {
    const truth = await decode(await readFile(photo));
    const near = async (iterations: string): Promise<number> => {
      const said = await optimise('--style', house.artwork, '--iterations', iterations);
      expect(said).toBe(`${output}: 61 × 43 pixels, ${iterations} iterations`);
      return psnr(await decode(await readFile(output)), truth, 'y');
    };
    const few = await near('1');
    expect(await near('60')).toBeGreaterThan(few + 1);
    const told = vi.mocked(process.stderr.write).mock.calls.flat().join('');
    expect(told).toMatch(/optimise 60\/60 \(100 %\).*: objective \d/);
  });

  it('makes large photos smaller first, in proportion, and keeps what is transparent', async () => {
    const { rgb, ...size } = waves(5, 64, 40);
    await sharp(rgb, { raw: { ...size, channels: 3 } })
      .ensureAlpha(0.5)
      .png()
      .toFile(photo);
    await optimise('--style', house.artwork, '--iterations', '1', '--size', '32');
    const { width, height, alpha } = await decode(await readFile(output));
    expect([width, height, alpha?.[0]]).toEqual([32, 20, 127]);
  });

  it('takes a style of the catalogue by its own recipe', async () => {
    const { options } = trainingOf(house);
    const { recipe, state } = await trainStyle({ ...options, recipe: { ...options.recipe, iterations: 1 } });
    const artwork = { title: 'Waves', artist: 'Nobody', year: 2016, credit: 'public domain' };
    const init = { name: 'waves', emoji: '🌊', artwork, recipe, scores: {} };
    await publishStyle(join(house.root, 'models'), init, weightsOf(state), Uint8Array.of(0xff, 0xd8));
    await expect(optimise('--style', 'waves')).rejects.toMatchObject({ code: 'data-unset' });
    await expect(optimise('--style', 'wavez')).rejects.toMatchObject({
      code: 'style-unknown',
      userMessage: expect.stringContaining('did you mean waves?'),
    });
    await expect(readFile(output)).rejects.toMatchObject({ code: 'ENOENT' });

    // By its hash, whatever it is called there.
    data = join(house.root, 'data');
    await mkdir(join(data, 'artworks'), { recursive: true });
    await copyFile(photo, join(data, 'artworks', 'another.png'));
    await copyFile(house.artwork, join(data, 'artworks', 'the-waves.png'));
    expect(await optimise('--style', 'waves', '--iterations', '2')).toContain('2 iterations');
    expect((await decode(await readFile(output))).width).toBe(61);
  });

  it('ends at Ctrl-C with the painting as far as it is', async () => {
    let lines = 0;
    vi.mocked(process.stderr.write).mockImplementation((text) => {
      if (String(text).includes('optimise') && lines++ === 0) process.emit('SIGINT');
      return true;
    });
    const said = await optimise('--style', house.artwork, '--iterations', '1000000');
    expect(said).toMatch(/61 × 43 pixels, \d+ iterations, stopped$/);
    expect((await decode(await readFile(output))).width).toBe(61);
  });
});

describe('what cannot be painted', () => {
  it.each([
    ['a damaged photo', 'image-damaged', []],
    ['a photo that would be a line', 'photo-too-small', ['--size', '17']],
    ['a folder that is missing', 'output-folder-missing', ['-o', join('nowhere', 'else', 'a.png')]],
    ['an artwork that is missing', 'file-unreadable', ['--style', './nothing.png']],
    ['a format that is not known', 'output-format-unknown', ['-o', 'painting.tiff']],
  ])('%s is said in a sentence, and nothing is written', async (what, code, words) => {
    if (what === 'a damaged photo') await writeFile(photo, (await readFile(photo)).subarray(0, 400));
    const before = await readdir(house.root);
    await expect(optimise('--style', house.artwork, ...words)).rejects.toMatchObject({
      name: 'UserError',
      code,
    });
    expect(await readdir(house.root)).toEqual(before);
  });
});
