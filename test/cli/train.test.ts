import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addTrainStyle } from '../../src/cli/train.ts';
import { readNetwork } from '../../src/graph/network-file.ts';
import { findStyle, loadCatalogue, readPublished } from '../../src/inference/catalogue.ts';
import type { CatalogueEntry } from '../../src/inference/catalogue-schema.ts';
import { loadCheckpoint } from '../../src/training/checkpoint.ts';
import { listed, saveEntry } from '../../src/training/publish.ts';
import { type TinyHouse, tinyHouse } from '../training/support.ts';

let house: TinyHouse;
let models: string;

beforeEach(async () => {
  house = await tinyHouse();
  models = join(house.root, 'models');
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(house.root, { recursive: true });
});

const CREDIT = ['--title', 'Waves', '--artist', 'Nobody', '--year', '2016', '--emoji', '🌊'];
const RECIPE = [
  ...['--crop', '32', '--batch', '1', '--photo-short-side', '40', '--artwork-short-side', '32'],
  ...['--iterations', '2', '--style-weight', '0.1'],
];

/** Run `impasto train style` on the tiny house; what it prints on stdout. */
async function train(...words: readonly string[]): Promise<string> {
  const { artwork, photos, lossNetwork, preview, run } = house;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addTrainStyle(program.command('train'), { provider: 'cpu', threads: 1, state: house.root, models });
  const given = ['--artwork', artwork, '--photos', photos, '--loss-network', lossNetwork];
  const others = ['--name', 'waves', '--folder', run, '--preview-photo', preview];
  vi.mocked(console.log).mockClear();
  await program.parseAsync(['train', 'style', ...given, ...others, ...words], { from: 'user' });
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

async function inCatalogue(): Promise<CatalogueEntry | undefined> {
  return (await listed(models)).find(({ name }) => name === 'waves');
}

describe('impasto train style', () => {
  it('publishes a finished training, provisional until it has been evaluated', async () => {
    const said = await train(...RECIPE, ...CREDIT, '--photos-credit', 'Ours, CC0');
    expect(said).toContain('has 2 steps.');
    expect(said).toContain('provisional until it has been evaluated');
    const entry = await inCatalogue();
    expect(entry).toMatchObject({
      emoji: '🌊',
      provisional: true,
      artwork: { title: 'Waves', artist: 'Nobody', year: 2016, credit: 'public domain' },
      recipe: { crop: 32, iterations: 2, steps: 2, photosCredit: 'Ours, CC0' },
    });
    expect((await readdir(join(models, 'styles'))).sort()).toEqual(['waves.jpg', 'waves.md', 'waves.onnx']);
  });

  it('states on the card and in the network’s metadata whose the photos are', async () => {
    await train(...RECIPE, ...CREDIT, '--photos-credit', 'Ours, CC0');
    expect(await readFile(join(models, 'styles', 'waves.md'), 'utf8')).toContain('Photographs: Ours, CC0.');
    const catalogue = await loadCatalogue(models);
    const { metadata } = readNetwork(await readPublished(catalogue, findStyle(catalogue, 'waves')));
    expect(JSON.parse(metadata.get('impasto.recipe') ?? '')).toMatchObject({ photosCredit: 'Ours, CC0' });
  });

  it('says how to publish where no credit is given', async () => {
    expect(await train(...RECIPE)).toContain('give --title, --artist, --year and --emoji');
    expect(await inCatalogue()).toBeUndefined();
  });

  it('makes the recipe of its flags, and goes on with it on --resume', async () => {
    const flags = ['--width', 'full', '--no-flips', '--style-layers', 'relu1_2', 'relu2_2', '--seed', '7'];
    await train(...RECIPE, ...flags);
    const recipe = {
      ...{ crop: 32, batch: 1, photoShortSide: 40, artworkShortSide: 32, styleWeight: 0.1 },
      ...{ width: 'full', flips: false, styleLayers: ['relu1_2', 'relu2_2'], seed: 7 },
    };
    expect((await loadCheckpoint(house.run))?.meta).toMatchObject({ recipe: { ...recipe, iterations: 2 } });
    expect(await train('--resume', '--iterations', '3', '--rate', '0.0005')).toContain('has 3 steps.');
    expect((await loadCheckpoint(house.run))?.meta).toMatchObject({
      recipe: { ...recipe, iterations: 3, rate: 0.0005 },
    });
  });
});

describe('what can be refused at once', () => {
  it.each([
    [['--year', '18.5'], "'--year <year>' argument '18.5' is invalid. Give a whole number, such as 1889."],
    [['--year', ''], "'--year <year>' argument '' is invalid."],
    [['--title', ''], "'--title <title>' argument '' is invalid. Give at least a word."],
    [['--emoji', ' '], "'--emoji <emoji>' argument ' ' is invalid. Give at least a word."],
    [['--threads', '-1'], "'--threads <count>' argument '-1' is invalid. Give a whole number above 0."],
    [['--threads', '1.5'], "'--threads <count>' argument '1.5' is invalid. Give a whole number above 0."],
    [['--from', 'other.onnx', '--resume'], "'--from <network>' cannot be used with option '--resume'"],
  ])('is, before the first step: %j', async (words, sentence) => {
    const failed = train(...RECIPE, ...CREDIT, ...words);
    await expect(failed).rejects.toThrow(sentence);
    await expect(failed).rejects.toBeInstanceOf(CommanderError);
    expect(await readdir(house.root)).not.toContain('run');
  });

  it('is an emoji that another style has, and one that is too long', async () => {
    await train(...RECIPE, ...CREDIT);
    await rm(house.run, { recursive: true });
    for (const words of [[], ['--emoji', 'a wave on the sea']]) {
      const failed = train(...RECIPE, ...CREDIT, '--name', 'sea', ...words);
      await expect(failed).rejects.toMatchObject({ name: 'UserError', code: 'entry-refused' });
    }
    expect(await readdir(house.root)).not.toContain('run');
  });

  it('is --publish without what the catalogue has to state', async () => {
    await expect(train(...RECIPE, '--publish')).rejects.toMatchObject({ code: 'credit-missing' });
    expect(await readdir(house.root)).not.toContain('run');
  });
});

describe('the settings', () => {
  it('are the defaults of the flags that say where to compute', () => {
    const program = new Command();
    addTrainStyle(program, { provider: 'webgpu', threads: 3, models, state: house.root });
    const flags = program.commands[0]?.opts();
    expect(flags).toMatchObject({ provider: 'webgpu', threads: 3 });
  });
});

describe('a training that was stopped', () => {
  it('stays out of the catalogue, and says how to put it there', async () => {
    const said = await interrupted(...RECIPE, ...CREDIT);
    expect(said).toMatch(/has \d+ steps; go on with --resume\./);
    expect(said).toContain('--publish');
    expect(await inCatalogue()).toBeUndefined();
  });

  it('is published with --publish', async () => {
    await interrupted(...RECIPE, ...CREDIT, '--publish');
    const steps = Number((await inCatalogue())?.recipe.steps);
    expect(steps).toBeLessThan(50);
  });
});

describe('a finished network of the catalogue', () => {
  it('is replaced by a provisional one only with --publish', async () => {
    await train(...RECIPE, ...CREDIT);
    const { provisional: _, ...finished } = (await inCatalogue()) ?? expect.unreachable();
    await saveEntry(models, finished);
    expect(await train('--resume', '--iterations', '3')).toContain('--publish');
    expect(await inCatalogue()).toEqual(finished);
    await train('--resume', '--publish');
    expect(await inCatalogue()).toMatchObject({ provisional: true, recipe: { steps: 3 } });
  });
});
