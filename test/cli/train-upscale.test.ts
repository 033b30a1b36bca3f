import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addTrainUpscale } from '../../src/cli/train-upscale.ts';
import { decode } from '../../src/images/decode.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import type { CatalogueEntry } from '../../src/inference/catalogue-schema.ts';
import { createNetworks } from '../../src/inference/network.ts';
import { loadCheckpoint } from '../../src/training/checkpoint.ts';
import { listed, saveEntry } from '../../src/training/publish.ts';
import type { TinyHouse } from '../training/support.ts';
import { tinyUpscaleHouse } from '../training/upscale-support.ts';

let house: TinyHouse;
let models: string;

beforeEach(async () => {
  house = await tinyUpscaleHouse();
  models = join(house.root, 'models');
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(house.root, { recursive: true });
});

const RECIPE = ['--factor', '2', '--patch', '8', '--batch', '1', '--hold-out', '1', '--iterations', '2'];

/** Run `impasto train upscale` on the tiny house; what it prints on stdout. */
async function train(...words: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addTrainUpscale(program.command('train'), { provider: 'cpu', threads: 1, state: house.root, models });
  const { photos, run, preview } = house;
  const given = ['--name', 'x2', '--photos', photos, '--folder', run, '--preview-photo', preview];
  vi.mocked(console.log).mockClear();
  await program.parseAsync(['train', 'upscale', ...given, ...words], { from: 'user' });
  return vi.mocked(console.log).mock.calls.flat().join('\n');
}

/** The same, with Ctrl-C at the first line of progress. */
async function interrupted(...words: readonly string[]): Promise<string> {
  vi.mocked(process.stderr.write).mockImplementationOnce(() => {
    process.emit('SIGINT');
    return true;
  });
  return train(...words, '--iterations', '50');
}

async function entry(): Promise<CatalogueEntry> {
  return (await listed(models))[0] ?? expect.unreachable();
}

describe('impasto train upscale', () => {
  it('publishes a finished training, provisional, with preview and card, and it can be served', async () => {
    const said = await train(...RECIPE, '--emoji', '🔎', '--photos-credit', 'Ours, CC0');
    expect(said).toContain('has 2 steps.');
    expect(said).toContain('provisional until its recorded scores reach the bar');
    expect(await entry()).toMatchObject({
      name: 'x2',
      kind: 'upscale',
      factor: 2,
      emoji: '🔎',
      provisional: true,
      recipe: { factor: 2, loss: 'pixel', steps: 2, photos: 3, photosCredit: 'Ours, CC0' },
    });
    const card = await readFile(join(models, 'upscale', 'x2.md'), 'utf8');
    expect(card).toMatch(/each side becomes 2 times as long.*Provisional/s);
    expect(card).toContain('Photographs: Ours, CC0. What that means');
    const preview = await decode(await readFile(join(models, 'upscale', 'x2.jpg')));
    expect([preview.width, preview.height]).toEqual([736, 240]);
    const networks = createNetworks({ catalogue: await loadCatalogue(models), provider: 'cpu', threads: 1 });
    expect(await networks.upscaler('x2').enlarge(new Float32Array(3 * 20), 5, 4)).toHaveLength(3 * 80);
    await networks.close();
  });

  it('keeps a stopped one out of the catalogue unless told otherwise', async () => {
    expect(await interrupted(...RECIPE)).toContain('--publish puts it there all the same');
    expect(await listed(models)).toEqual([]);
    expect(await train('--resume', '--iterations', '50', '--publish')).toContain('stands in');
  });

  it('lets a finished network be, unless told otherwise', async () => {
    await train(...RECIPE);
    const { provisional: _, ...finished } = await entry();
    await saveEntry(models, finished);
    expect(await train('--resume', '--iterations', '3')).toContain('The catalogue keeps its x2');
    expect(await entry()).toEqual(finished);
    await train('--resume', '--iterations', '4', '--publish');
    expect(await entry()).toMatchObject({ provisional: true, recipe: { steps: 4 } });
  });

  it('makes the recipe of its flags', async () => {
    const flags = ['--skip', 'none', '--degradation', 'jpeg', '--jpeg-from', '30', '--jpeg-to', '80'];
    const more = [
      '--clean-share',
      '0.5',
      '--text-share',
      '0.25',
      '--shrink',
      '1.5',
      '--no-flips',
      '--seed',
      '9',
    ];
    await train(...RECIPE, ...flags, ...more, '--rate', '0.002', '--schedule', 'constant');
    expect((await loadCheckpoint(house.run))?.meta).toMatchObject({
      recipe: {
        ...{ factor: 2, patch: 8, batch: 1, holdOut: 1, skip: 'none', degradation: 'jpeg', jpegFrom: 30 },
        ...{ jpegTo: 80, cleanShare: 0.5, textShare: 0.25, shrink: 1.5, flips: false, seed: 9 },
        ...{ rate: 0.002, schedule: 'constant' },
      },
    });
  });

  it.each([
    [['--degradation', 'rain'], "argument 'rain' is invalid"],
    [['--factor', 'two'], "argument 'two' is invalid. Give a number."],
    [['--name', 'X 4'], "argument 'X 4' is invalid"],
  ])('refuses %j before the first step', async (words, sentence) => {
    await expect(train(...RECIPE, ...words)).rejects.toThrow(sentence);
    expect(await readdir(house.root)).not.toContain('run');
  });
});
