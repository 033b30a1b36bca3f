import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addUpscale } from '../../src/cli/upscale.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks } from '../../src/inference/network.ts';
import { paintBytes } from '../../src/inference/paint-bytes.ts';
import { mixedCatalogue } from '../inference/upscaler-support.ts';

let folder: string;
let models: string;
let painters: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impasto-upscale-'));
  models = await mixedCatalogue();
  painters = 0;
  await sharp({ create: { width: 20, height: 15, channels: 3, background: 'teal' } }).toFile(at('in.jpg'));
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

/** `impasto upscale …`, with the work done in this process. */
async function upscale(...words: readonly string[]): Promise<void> {
  const catalogue = await loadCatalogue(models);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addUpscale(program, {
    models,
    upscaleMegapixels: 1,
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
  await program.parseAsync(['upscale', ...words], { from: 'user' });
}

describe('impasto upscale', () => {
  it.each([
    ['x4', 'out.jpg', 'jpeg', 80, 60],
    ['x4-pixel', 'out.webp', 'webp', 80, 60],
    ['x8', 'out.png', 'png', 160, 120],
  ])('%s writes %s, so many times larger', async (network, name, format, width, height) => {
    await upscale(network, at('in.jpg'), '-o', at(name));
    expect(await sharp(at(name)).metadata()).toMatchObject({ format, width, height });
    expect(vi.mocked(console.log).mock.calls).toEqual([
      [expect.stringMatching(new RegExp(`${name}: ${network}, ${width} × ${height} pixels, [\\d.]+ s$`))],
    ]);
    expect((await readdir(folder)).sort()).toEqual(['in.jpg', name]);
  });

  it.each([
    ['a network that is not there', 'upscaler-unknown', ['x3', 'in.jpg', 'out.png']],
    ['a style', 'upscaler-unknown', ['waves', 'in.jpg', 'out.png']],
    ['a missing file', 'input-missing', ['x4', 'nowhere.jpg', 'out.png']],
    ['an unknown ending', 'output-format-unknown', ['x4', 'in.jpg', 'out.bmp']],
    ['a damaged picture', 'image-damaged', ['x4', 'half.jpg', 'out.png']],
    ['what would be too large', 'upscale-too-large', ['x8', 'large.png', 'out.png']],
  ])('refuses %s, and writes nothing', async (_, code, [network = '', input = '', output = '']) => {
    const whole = await readFile(at('in.jpg'));
    await writeFile(at('half.jpg'), whole.subarray(0, whole.length / 2));
    await sharp({ create: { width: 300, height: 100, channels: 3, background: 'teal' } }).toFile(
      at('large.png'),
    );
    const before = await readdir(folder);
    await expect(upscale(network, at(input), '-o', at(output))).rejects.toMatchObject({
      name: 'UserError',
      code,
    });
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('the format where nobody names one', () => {
  const picture = (channels: 3 | 4, format: 'png' | 'jpeg'): Promise<Buffer> =>
    sharp({ create: { width: 20, height: 15, channels, background: { r: 9, g: 99, b: 9, alpha: 0.5 } } })
      .toFormat(format)
      .toBuffer();

  it.each([
    ['PNG with alpha', 4, 'png', 'image/png'],
    ['PNG without', 3, 'png', 'image/png'],
    ['JPEG', 3, 'jpeg', 'image/jpeg'],
  ] as const)('of a small %s', async (_, channels, format, contentType) => {
    const networks = createNetworks({ catalogue: await loadCatalogue(models), provider: 'cpu', threads: 1 });
    const job = { upscaler: 'x4', megapixels: 64 };
    expect(await paintBytes(networks, await picture(channels, format), job)).toMatchObject({ contentType });
    await networks.close();
  });
});
