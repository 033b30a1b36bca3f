import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addEvaluateStyle } from '../../src/cli/evaluate.ts';
import type { CatalogueEntry } from '../../src/inference/catalogue-schema.ts';
import type { Preprocessing } from '../../src/training/loss-network/preprocessing.ts';
import { listed, publishStyle } from '../../src/training/publish.ts';
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
    const terms = ['objective', 'feature', 'style', 'totalVariation', 'seconds'];
    const scored = Object.fromEntries(terms.map((term) => [term, expect.any(Number)]));
    const before = await entry();
    expect(JSON.parse(await evaluate('--against-optimisation', '2', '--json'))).toEqual({
      style: 'waves',
      photos: 1,
      network: scored,
      optimisation: { iterations: 2, ...scored },
      ratio: { objective: expect.any(Number), time: expect.any(Number) },
    });
    expect(await entry()).toEqual(before);
  });

  it('says it in a table otherwise', async () => {
    await published();
    const said = await evaluate('--against-optimisation', '1');
    expect(said).toContain('waves, means over 1 photos');
    expect(said).toMatch(/^optimisation, 1 .*\d$/m);
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
    const folder = join(house.root, 'evaluations');
    const [file = ''] = await readdir(folder);
    const scores = { objective: 1e30, feature: 1e30, style: 0, totalVariation: 0, seconds: 1 };
    await writeFile(join(folder, file), JSON.stringify(scores));
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
