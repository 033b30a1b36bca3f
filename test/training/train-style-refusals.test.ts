import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import { loadCheckpoint, saveCheckpoint } from '../../src/training/checkpoint.ts';
import type { StyleRecipe } from '../../src/training/recipe.ts';
import { type TrainStyleOptions, trainStyle } from '../../src/training/train-style.ts';
import { writeNpyFolder } from './loss-network-files.ts';
import { putPicture, type TinyHouse, tinyHouse, tinyLayers, trainingOf, waves } from './support.ts';

let house: TinyHouse;

beforeEach(async () => {
  house = await tinyHouse();
});

afterEach(() => rm(house.root, { recursive: true }));

function train(given: Partial<TrainStyleOptions> = {}): ReturnType<typeof trainStyle> {
  return trainStyle(trainingOf(house, given).options);
}

/** Two steps of a training, to be resumed. */
async function begun(): Promise<void> {
  const { options } = trainingOf(house);
  await trainStyle({ ...options, recipe: { ...options.recipe, iterations: 2 } });
}

async function contents(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ name }) => [name, await readFile(join(folder, name), 'base64')] as const),
    ),
  );
}

describe('resuming', () => {
  const changes: [string, (house: TinyHouse) => Promise<Partial<TrainStyleOptions>>][] = [
    [
      'another artwork',
      async ({ artwork }) => {
        await putPicture(artwork, waves(99));
        return {};
      },
    ],
    [
      'another loss network',
      async ({ lossNetwork }) => {
        const layers = tinyLayers(2);
        await writeNpyFolder(
          lossNetwork,
          layers.map((layer) => ({ ...layer, dims: [layer.outChannels, layer.inChannels, 3, 3] })),
        );
        return {};
      },
    ],
    [
      '4 photos and the folder now has 5',
      async ({ photos }) => {
        await putPicture(join(photos, 'one-more.png'), waves(50));
        return {};
      },
    ],
    ['preprocessing is caffe, not torchvision', async () => ({ preprocessing: 'torchvision' })],
    ['another batch', async () => ({ recipe: { batch: 2 } })],
    ['another styleWeight', async () => ({ recipe: { styleWeight: 3 } })],
    ['another styleLayers', async () => ({ recipe: { styleLayers: ['relu1_2'] } })],
    ['another seed', async () => ({ recipe: { seed: 5 } })],
  ];

  it.each(changes)('with %s is refused, and touches nothing', async (what, change) => {
    await begun();
    const before = await contents(house.run);
    const given = await change(house);
    await expect(train({ resume: true, recipe: {}, ...given })).rejects.toMatchObject({
      code: 'resume-mismatch',
      userMessage: expect.stringContaining(what),
    });
    expect(await contents(house.run)).toEqual(before);
  });

  it('takes another rate, schedule and number of iterations, and notes them', async () => {
    await begun();
    const recipe: Partial<StyleRecipe> = { iterations: 3, rate: 5e-4, schedule: 'constant' };
    const { state, finished } = await train({ resume: true, recipe });
    expect([state.step, finished]).toEqual([3, true]);
    expect((await loadCheckpoint(house.run))?.meta).toMatchObject({ recipe: { ...recipe, crop: 32 } });
    const { metadata } = readNetwork(await readFile(join(house.run, 'waves.onnx')));
    expect(JSON.parse(metadata.get('impasto.recipe') ?? '')).toMatchObject({ ...recipe, steps: 3 });
  });

  it('keeps the preprocessing that it began with, and notes it', async () => {
    const { options } = trainingOf(house, { preprocessing: 'torchvision' });
    const { recipe } = await trainStyle({ ...options, recipe: { ...options.recipe, iterations: 2 } });
    expect(recipe.preprocessing).toBe('torchvision');
    await train({ resume: true, recipe: { iterations: 3 } });
    expect(await loadCheckpoint(house.run)).toMatchObject({
      step: 3,
      meta: { preprocessing: 'torchvision' },
    });
    await expect(train({ resume: true, recipe: {}, preprocessing: 'caffe' })).rejects.toMatchObject({
      code: 'resume-mismatch',
    });
  });

  it('takes an older checkpoint without a preprocessing for one of what the format stands for', async () => {
    await begun();
    const last = (await loadCheckpoint(house.run)) ?? expect.unreachable();
    const { recipe, artwork, lossNetwork, photos, stepsBefore } = Object(last.meta);
    await saveCheckpoint(house.run, { ...last, meta: { recipe, artwork, lossNetwork, photos, stepsBefore } });
    const other = train({ resume: true, recipe: {}, preprocessing: 'torchvision' });
    await expect(other).rejects.toMatchObject({ code: 'resume-mismatch' });
    const { state, recipe: noted } = await train({ resume: true, recipe: { iterations: 3 } });
    expect([state.step, noted.preprocessing]).toEqual([3, 'caffe']);
  });

  it('takes the same values given once more', async () => {
    await begun();
    const { options } = trainingOf(house, { resume: true });
    const { state } = await trainStyle({ ...options, recipe: { ...options.recipe, iterations: 2 } });
    expect(state.step).toBe(2);
  });

  it('is asked for where there is a training, and refused where there is none', async () => {
    await expect(train({ resume: true })).rejects.toMatchObject({ code: 'run-missing' });
    await begun();
    await expect(train()).rejects.toMatchObject({ code: 'run-exists', data: { step: 2 } });
  });

  it('says that the newest checkpoint is damaged, and goes on from the one before', async () => {
    const { options } = trainingOf(house, { checkpointSeconds: 0 });
    await trainStyle({ ...options, recipe: { ...options.recipe, iterations: 2 } });
    const newest = join(house.run, 'checkpoint-2.safetensors');
    await writeFile(newest, (await readFile(newest)).subarray(0, 1000));
    const again = trainingOf(house, { resume: true, recipe: {} });
    expect((await trainStyle(again.options)).state.step).toBe(2);
    expect(again.said()).toContain(`${newest} is damaged; an earlier one is taken.`);
  });
});

describe('what goes wrong', () => {
  it('divergence is said with its step, and what was saved before stays as it is', async () => {
    await begun();
    const last = await loadCheckpoint(house.run);
    if (!last) throw new Error('a training leaves a checkpoint');
    const tensors = new Map(last.tensors);
    const kernel = tensors.get('weight:in.weight');
    if (!kernel) throw new Error('there is such a kernel');
    tensors.set('weight:in.weight', { ...kernel, data: kernel.data.with(3, Number.NaN) });
    await saveCheckpoint(house.run, { ...last, tensors });
    const before = await contents(house.run);
    await expect(train({ resume: true, recipe: { iterations: 9 } })).rejects.toMatchObject({
      code: 'training-diverged',
      data: { step: 3 },
    });
    expect(await contents(house.run)).toEqual(before);
  });

  // Every write to /dev/full fails as on a full disk.
  it.each(['checkpoint-3.safetensors', 'waves.onnx', 'losses.jsonl', 'losses.png'])(
    'a disk that is full when %s is written is said, and the training can be resumed',
    async (file) => {
      await begun();
      await symlink('/dev/full', join(house.run, `${file}.partial`));
      const failed = train({ resume: true, recipe: { iterations: 3 } });
      await expect(failed).rejects.toMatchObject({
        code: 'disk-full',
        userMessage: expect.stringMatching(/^The disk that holds .* is full\. .*--resume/),
      });
      await rm(join(house.run, `${file}.partial`), { force: true });
      const { state, finished } = await train({ resume: true, recipe: { iterations: 4 } });
      expect([state.step, finished]).toEqual([4, true]);
      expect((await readdir(house.run)).filter((name) => name.endsWith('.partial'))).toEqual([]);
    },
  );

  it('a file in the place of the folder is said before anything is computed', async () => {
    await writeFile(house.run, 'a file');
    await expect(train()).rejects.toMatchObject({ code: 'not-readable' });
  });

  it('inputs that are not there or not what they should be have a sentence each', async () => {
    const absent = join(house.root, 'nowhere');
    const notes = join(house.root, 'notes.png');
    await writeFile(notes, 'no picture at all');
    const cases: [Partial<TrainStyleOptions>, string][] = [
      [{ artwork: absent }, 'file-unreadable'],
      [{ previewPhotos: [absent] }, 'file-unreadable'],
      [{ photos: absent }, 'photos-missing'],
      [{ lossNetwork: undefined }, 'loss-network-missing'],
      [{ recipe: { crop: 33 } }, 'recipe-wrong'],
      [{ recipe: { crop: 320 } }, 'recipe-wrong'],
    ];
    for (const [given, code] of cases)
      await expect(train(given), JSON.stringify(given)).rejects.toMatchObject({ code });
    for (const [given, what] of [
      [{ artwork: notes }, 'artwork'],
      [{ previewPhotos: [house.preview, notes] }, 'preview photo'],
    ] as const) {
      // Before the loss network is looked at, which is the slow part.
      await expect(train({ ...given, lossNetwork: absent })).rejects.toMatchObject({
        code: 'image-not-an-image',
        userMessage: `The ${what} ${notes} is no picture. Replace it, or leave it out.`,
      });
    }
    expect(await readdir(house.root)).not.toContain('run');
  });

  it('photos of which too many are damaged end the training with a sentence', async () => {
    await mkdir(join(house.root, 'bad'));
    for (let number = 0; number < 3; number++)
      await writeFile(join(house.root, 'bad', `${number}.png`), 'no picture at all');
    await copyFile(house.preview, join(house.root, 'bad', '3.png'));
    const failed = train({ photos: join(house.root, 'bad') });
    await expect(failed).rejects.toMatchObject({ code: 'photos-damaged' });
  });

  it.each([{ contentLayer: 'relu5_3' }, { styleLayers: ['relu1_2', 'relu5_3'] }])(
    'a layer that the loss network does not have is named, with those that it has: %j',
    async (layers) => {
      const { options } = trainingOf(house);
      await expect(train({ recipe: { ...options.recipe, ...layers } })).rejects.toMatchObject({
        code: 'layer-unknown',
        userMessage: expect.stringMatching(/no layer relu5_3\. It has relu1_1, .*, relu4_3\./),
      });
      expect(await readdir(house.root)).not.toContain('run');
    },
  );
});
