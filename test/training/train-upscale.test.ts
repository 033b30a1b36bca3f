import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import { servingUpscaler } from '../../src/graph/networks/upscale.ts';
import { type TrainUpscaleOptions, trainUpscale } from '../../src/training/train-upscale.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import { apart, type TinyHouse } from './support.ts';
import { tinyUpscaleHouse, tinyUpscaleRecipe, upscaleTrainingOf } from './upscale-support.ts';

let house: TinyHouse;

beforeEach(async () => {
  house = await tinyUpscaleHouse();
});

afterEach(() => rm(house.root, { recursive: true }));

async function network(file = join(house.run, 'waves.onnx')): Promise<ReturnType<typeof readNetwork>> {
  return readNetwork(await readFile(file));
}

async function interrupted(given: Partial<TrainUpscaleOptions> = {}): Promise<number> {
  const controller = new AbortController();
  const { options } = upscaleTrainingOf(house, { ...given, signal: controller.signal });
  options.stream.once('data', () => controller.abort());
  const { finished, state } = await trainUpscale(options);
  expect(finished).toBe(false);
  return state.step;
}

describe('a training that runs to its end', () => {
  it('leaves checkpoint, network with its recipe, losses, loss curve and previews of held-out photos', async () => {
    const { options, said } = upscaleTrainingOf(house, { previewPhotos: [house.preview] });
    const { finished, state, recipe, previews } = await trainUpscale(options);
    expect(finished).toBe(true);
    expect((await readdir(house.run)).sort()).toEqual([
      'checkpoint-6.safetensors',
      'losses.jsonl',
      'losses.png',
      'previews',
      'waves.onnx',
    ]);
    expect(await readdir(join(house.run, 'previews'))).toEqual(['step-000006.png']);
    expect(said()).toMatch(/waves 6: \d+\.\d\d dB on held-out photos, bicubic \d+\.\d\d dB/);
    // The cubic kernel's, the network's, the truth.
    expect(previews.map((pictures) => pictures.map(({ width, height }) => [width, height]))).toEqual([
      [
        [240, 240],
        [240, 240],
        [240, 240],
      ],
    ]);
    const file = await network();
    expect(apart(file.weights, weightsOf(state))).toBe(0);
    expect(servingUpscaler(file).shape).toMatchObject({ factor: 2, skip: 'bicubic' });
    expect(JSON.parse(file.metadata.get('impasto.recipe') ?? '')).toEqual(recipe);
    expect(recipe).toEqual({ ...tinyUpscaleRecipe(), steps: 6, photos: 3 });
  });

  it('notes the loss network where features are compared', async () => {
    const { options } = upscaleTrainingOf(house, {
      recipe: { ...tinyUpscaleRecipe(), loss: 'feature', patch: 16, iterations: 1 },
    });
    expect((await trainUpscale(options)).recipe).toMatchObject({
      loss: 'feature',
      lossNetwork: expect.stringMatching(/^vgg-16 [0-9a-f]{64}$/),
      preprocessing: 'caffe',
    });
  });
});

describe('a training that is stopped', () => {
  it('leaves a usable network, and resumed it comes out as if it had never been stopped', async () => {
    const { options } = upscaleTrainingOf(house, { folder: join(house.root, 'whole') });
    const whole = await trainUpscale(options);
    const stopped = await interrupted();
    expect(stopped).toBeGreaterThan(0);
    expect(stopped).toBeLessThan(6);
    expect((await network()).metadata.get('impasto.steps')).toBe(String(stopped));
    const resumed = await trainUpscale(upscaleTrainingOf(house, { resume: true, recipe: {} }).options);
    expect(resumed.finished).toBe(true);
    // One thread adds in one order, so that nothing has to be forgiven.
    expect(apart(resumed.state.tensors, whole.state.tensors)).toBe(0);
  });

  it('lends its weights to one of a larger factor, and its steps are counted', async () => {
    await trainUpscale(upscaleTrainingOf(house).options);
    const { options } = upscaleTrainingOf(house, {
      from: join(house.run, 'waves.onnx'),
      folder: join(house.root, 'other'),
      recipe: { ...tinyUpscaleRecipe(), factor: 4, iterations: 1 },
    });
    expect((await trainUpscale(options)).recipe.steps).toBe(7);
  });
});

describe('what is refused', () => {
  it.each([
    [{ jpegFrom: 90, jpegTo: 40 }, 'recipe-wrong'],
    [{ holdOut: 4 }, 'recipe-wrong'],
    [{ factor: 3 as 4 }, 'recipe-wrong'],
    [{ loss: 'feature', featureLayers: ['relu9_1'] } as const, 'layer-unknown'],
  ])('is a recipe such as %o', async (recipe, code) => {
    const given = { ...tinyUpscaleRecipe(), ...recipe };
    await expect(trainUpscale(upscaleTrainingOf(house, { recipe: given }).options)).rejects.toMatchObject({
      code,
    });
    expect(await readdir(house.root)).not.toContain('run');
  });

  it('is resuming as another training', async () => {
    await interrupted();
    const resumed = (given: Partial<TrainUpscaleOptions>): Promise<unknown> =>
      trainUpscale(upscaleTrainingOf(house, { resume: true, ...given }).options);
    await expect(resumed({ recipe: { patch: 16 } })).rejects.toMatchObject({ code: 'resume-mismatch' });
    await rm(join(house.photos, 'photo-3.png'));
    await expect(resumed({ recipe: {} })).rejects.toMatchObject({ code: 'resume-mismatch' });
  });
});
