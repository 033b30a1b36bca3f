import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addEvaluateStyle } from '../../src/cli/evaluate-style.ts';
import type { CatalogueEntry } from '../../src/inference/catalogue-schema.ts';
import type { Preprocessing } from '../../src/training/loss-network/preprocessing.ts';
import { listed, publishStyle } from '../../src/training/publish.ts';
import { loadResults } from '../../src/training/results/saved.ts';
import { trainStyle } from '../../src/training/train-style.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import { putPicture, type TinyHouse, tinyHouse, trainingOf, waves } from '../training/support.ts';

let house: TinyHouse;
let models: string;
let photos: string;
let settings: { readonly data?: string };

beforeEach(async () => {
  house = await tinyHouse();
  settings = {};
  models = join(house.root, 'models');
  photos = join(house.root, 'unseen');
  await putPicture(join(photos, 'photo-0.png'), waves(70));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(house.root, { recursive: true });
});

/** Train a style for a step and put it into the catalogue. */
async function published(preprocessing?: Preprocessing): Promise<void> {
  const { options } = trainingOf(house, { preprocessing });
  const { recipe, state } = await trainStyle({ ...options, recipe: { ...options.recipe, iterations: 1 } });
  const artwork = { title: 'Waves', artist: 'Nobody', year: 2016, credit: 'public domain' };
  const init = { name: 'waves', emoji: '🌊', provisional: true, artwork, recipe, scores: {} };
  await publishStyle(models, init, weightsOf(state), Uint8Array.of(0xff, 0xd8));
}

/** Run `impasto evaluate style` on words alone; what it prints on stdout. */
async function run(...words: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addEvaluateStyle(program.command('evaluate'), {
    provider: 'cpu',
    threads: 1,
    models,
    state: house.root,
    ...settings,
  });
  vi.mocked(console.log).mockClear();
  const flags = ['--photos', photos];
  await program.parseAsync(['evaluate', 'style', 'waves', ...flags, ...words], { from: 'user' });
  return vi.mocked(console.log).mock.calls.flat().join('\n');
}

function evaluate(...words: readonly string[]): Promise<string> {
  return run('--artwork', house.artwork, '--loss-network', house.lossNetwork, ...words);
}

async function entry(): Promise<CatalogueEntry> {
  return (await listed(models))[0] ?? expect.unreachable();
}

describe('impasto evaluate style', () => {
  it('prints exactly this as JSON', async () => {
    await published();
    const keys = ['objective', 'feature', 'style', 'totalVariation'];
    const terms = Object.fromEntries(keys.map((term) => [term, expect.any(Number)]));
    const scored = { ...terms, seconds: expect.any(Number) };
    const point = { iterations: 2, ...scored };
    const before = await entry();
    const printed = JSON.parse(await evaluate('--against-optimisation', '2', '--json'));
    expect(printed).toEqual({
      style: 'waves',
      photos: 1,
      network: scored,
      optimisation: point,
      content: terms,
      ratio: { objective: expect.any(Number), time: expect.any(Number) },
      against: { 2: expect.objectContaining({ worstPhoto: 'photo-0.png' }) },
      reached: { photos: expect.any(Number), iterations: expect.any(Number), seconds: expect.any(Number) },
      bar: { mean: { iterations: 50 }, worst: { iterations: 35 }, passed: false },
      images: [expect.objectContaining({ photo: 'photo-0.png', network: scored, optimisation: [point] })],
    });
    expect(await entry()).toEqual(before);
  });

  it('says it in a table otherwise', async () => {
    await published();
    const said = await evaluate('--against-optimisation', '1');
    expect(said).toContain('waves, means over 1 photos');
    expect(said).toMatch(/^optimisation, 1 .*\d$/m);
    expect(said).toMatch(/^the photo itself .*\d$/m);
    expect(said).toContain('Miss: the bar is a mean objective no worse than 50 iterations');
    expect(said).toContain('not run so far');
  });

  it('takes the preprocessing that the style was trained with', async () => {
    const scores: string[] = [];
    for (const preprocessing of ['caffe', 'torchvision'] as const) {
      await published(preprocessing);
      await rm(house.run, { recursive: true });
      const { optimisation } = JSON.parse(await evaluate('--against-optimisation', '1', '--json'));
      scores.push(optimisation.objective);
    }
    expect(scores[0]).not.toBe(scores[1]);
  });
});

describe('--sizes', () => {
  it('times network and optimisation on squares of these sides', async () => {
    await published();
    const { style, speed, network } = JSON.parse(await evaluate('--sizes', '32,288', '--json'));
    expect(style).toBe('waves');
    expect(network).toBeUndefined();
    const times = { 100: expect.any(Number), 300: expect.any(Number), 500: expect.any(Number) };
    const row = {
      network: expect.any(Number),
      published: expect.any(Number),
      optimisation: times,
      ratio: times,
    };
    expect(speed.sizes).toEqual([
      { side: 32, timed: expect.any(Number), ...row },
      { side: 288, timed: 20, ...row },
    ]);
    const [, large] = speed.sizes;
    expect(large.optimisation[500]).toBeCloseTo(5 * large.optimisation[100], 6);
    expect(large.ratio[300]).toBeCloseTo(large.optimisation[300] / large.network, 6);
    expect(speed.protocol).toContain('20 iterations are timed and multiplied');
  });

  it('says in the table where iterations were timed and multiplied', async () => {
    await published();
    const said = await evaluate('--sizes', '260');
    expect(said).toMatch(/^260 × 260 .* 20 iterations timed and multiplied$/m);
  });

  it('or a comparison of scores is asked for', async () => {
    await published();
    await expect(evaluate()).rejects.toMatchObject({ name: 'UserError', code: 'nothing-to-measure' });
  });
});

describe('--save', () => {
  it('leaves scores and speeds as results that read', async () => {
    await published();
    const folder = join(house.root, 'results');
    await evaluate('--against-optimisation', '1', '--sizes', '32', '--save', folder);
    const { sha256 } = await entry();
    const machine = { threads: 1, provider: 'cpu', cores: expect.any(Number) };
    expect(await loadResults(folder)).toMatchObject([
      { kind: 'speed', style: 'waves', sha256, width: 'half', machine, sizes: [{ side: 32 }] },
      { kind: 'style', style: 'waves', sha256, width: 'half', machine, images: [{ photo: 'photo-0.png' }] },
    ]);
  });
});

describe('the settings', () => {
  it('are the defaults of the flags that say where to compute', () => {
    const program = new Command();
    addEvaluateStyle(program, { provider: 'webgpu', threads: 3, models, state: house.root });
    const flags = program.commands[0]?.opts();
    expect(flags).toMatchObject({ provider: 'webgpu', threads: 3 });
  });
});

describe('a photo', () => {
  it('that is damaged is named before anything is computed', async () => {
    await published();
    const damaged = join(photos, 'damaged.png');
    await writeFile(damaged, (await readFile(join(photos, 'photo-0.png'))).subarray(0, 500));
    const failed = run(
      ...['--against-optimisation', '1', '--artwork', house.artwork],
      ...['--loss-network', join(house.root, 'nowhere')],
    );
    await expect(failed).rejects.toMatchObject({
      code: 'image-damaged',
      userMessage: `The photo ${damaged} is damaged or incomplete. Replace it, or leave it out.`,
    });
  });
});

describe('what it compares with', () => {
  it('is asked for where it is neither given nor below a data folder', async () => {
    await published();
    await expect(run('--against-optimisation', '1')).rejects.toMatchObject({
      code: 'data-unset',
      userMessage: expect.stringMatching(/--artwork and --loss-network.*IMPASTO_DATA/),
    });
  });

  it('is found below the data folder', async () => {
    await published();
    const data = join(house.root, 'data');
    await mkdir(join(data, 'artworks'), { recursive: true });
    await copyFile(house.artwork, join(data, 'artworks', 'waves.jpg'));
    await rename(house.lossNetwork, join(data, 'loss-network'));
    settings = { data };
    expect(await run('--against-optimisation', '1')).toContain('waves, means over 1 photos');
  });
});

describe('--record', () => {
  const record = ['--against-optimisation', '50', '--record'];

  /** As many photos, all of them the same; their optimisation is as good as never begun. */
  async function photosOf(count: number): Promise<void> {
    for (let number = 1; number < count; number++)
      await copyFile(join(photos, 'photo-0.png'), join(photos, `photo-${number}.png`));
    const scores = { objective: 1e30, feature: 1e30, style: 0, totalVariation: 0, seconds: 1 };
    const points = [25, 35, 50].map((iterations) => ({ iterations, ...scores }));
    const file = join(models, 'scores', 'optimisation', 'waves.json');
    const committed = JSON.parse(await readFile(file, 'utf8'));
    const [photo] = committed.photos;
    await writeFile(file, JSON.stringify({ ...committed, photos: [{ ...photo, points }] }));
  }

  it('is refused together with --limit, whatever the photos are', async () => {
    await published();
    const before = await entry();
    await expect(evaluate(...record, '--limit', '1')).rejects.toMatchObject({
      name: 'UserError',
      code: 'record-limited',
    });
    expect(await entry()).toEqual(before);
  });

  it('commits the optimisation’s scores beside the networks, once for each photo', async () => {
    await published();
    await evaluate(...record);
    const file = join(models, 'scores', 'optimisation', 'waves.json');
    const committed = JSON.parse(await readFile(file, 'utf8'));
    expect(committed).toMatchObject({
      style: 'waves',
      subject: { artwork: expect.stringMatching(/^[0-9a-f]{64}$/), objective: { styleWeight: 0.1 } },
      photos: [{ photo: 'photo-0.png', pixels: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const [photo] = committed.photos;
    expect(photo.points.map((point: { iterations: number }) => point.iterations)).toEqual([25, 35, 50]);
    expect(photo.lowest.length).toBe(50);
    // They are enough where nothing else is left, also for fewer iterations.
    await rm(join(house.root, 'evaluations'), { recursive: true });
    await evaluate('--against-optimisation', '35');
    await expect(readdir(join(house.root, 'evaluations'))).rejects.toMatchObject({ code: 'ENOENT' });
    await evaluate(...record);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(committed);
  });

  it('keeps a style provisional where the optimisation was not run as far as its bar', async () => {
    await published();
    await evaluate('--against-optimisation', '3', '--record');
    expect(await entry()).toMatchObject({ provisional: true, scores: { bar: { mean: { iterations: 50 } } } });
    const card = await readFile(join(models, 'styles', 'waves.md'), 'utf8');
    expect(card).toContain('| against.3.ratio | ');
    expect(card).not.toContain('undefined');
  });

  it('takes no committed scores of another subject, and names a file that is damaged', async () => {
    await published();
    await evaluate(...record);
    await rm(join(house.root, 'evaluations'), { recursive: true });
    const file = join(models, 'scores', 'optimisation', 'waves.json');
    const committed = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(
      file,
      JSON.stringify({ ...committed, subject: { ...committed.subject, artworkBlur: 9 } }),
    );
    await evaluate('--against-optimisation', '1');
    expect(await readdir(join(house.root, 'evaluations'))).toHaveLength(1);
    await writeFile(file, '{');
    await expect(evaluate('--against-optimisation', '1')).rejects.toMatchObject({ code: 'scores-damaged' });
  });

  it('finishes a style that passes on 20 photos, and none on fewer', async () => {
    await published();
    await evaluate(...record);
    expect(await entry()).toMatchObject({ provisional: true, scores: { photos: 1 } });

    await photosOf(19);
    await evaluate(...record);
    expect(await entry()).toMatchObject({
      provisional: true,
      scores: { photos: 19, optimisation: { iterations: 50, objective: expect.closeTo(1e30, -20) } },
    });

    await photosOf(20);
    await evaluate(...record);
    expect(await entry()).not.toHaveProperty('provisional');
    const card = await readFile(join(models, 'styles', 'waves.md'), 'utf8');
    expect(card).toContain('Finished: it passes the bar');
    expect(card).toContain('| photos | 20 |');
  });
});
