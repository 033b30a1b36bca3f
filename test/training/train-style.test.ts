import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import { decode } from '../../src/images/decode.ts';
import { loadCheckpoint } from '../../src/training/checkpoint.ts';
import type { HistoryEntry } from '../../src/training/report/history.ts';
import { type TrainStyleOptions, trainStyle } from '../../src/training/train-style.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import { publishedTiny } from '../inference/upscaler-support.ts';
import { apart, putPicture, type TinyHouse, tinyHouse, tinyRecipe, trainingOf, waves } from './support.ts';

let house: TinyHouse;

beforeEach(async () => {
  house = await tinyHouse();
});

afterEach(() => rm(house.root, { recursive: true }));

async function losses(folder = house.run): Promise<Omit<HistoryEntry, 'seconds'>[]> {
  const lines = (await readFile(join(folder, 'losses.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const { seconds: _, ...rest }: HistoryEntry = JSON.parse(line);
    return rest;
  });
}

async function network(file = join(house.run, 'waves.onnx')): Promise<ReturnType<typeof readNetwork>> {
  return readNetwork(await readFile(file));
}

/** Train until the first line of progress is out, as somebody who presses Ctrl-C early on. */
async function interrupted(given: Partial<TrainStyleOptions> = {}): Promise<number> {
  const controller = new AbortController();
  const { options } = trainingOf(house, { ...given, signal: controller.signal });
  options.stream.once('data', () => controller.abort());
  const { finished, state } = await trainStyle(options);
  expect(finished).toBe(false);
  return state.step;
}

describe('a training that runs to its end', () => {
  it('leaves checkpoint, network with its recipe, losses, loss curve and previews', async () => {
    const { options, said } = trainingOf(house, { previewPhotos: [house.preview], checkpointSeconds: 0 });
    const { finished, state, recipe, paintings } = await trainStyle(options);
    expect(finished).toBe(true);
    expect(state.step).toBe(6);
    expect(paintings.map(({ width, height }) => [width, height])).toEqual([[307, 256]]);

    expect((await readdir(house.run)).sort()).toEqual([
      'checkpoint-5.safetensors',
      'checkpoint-6.safetensors',
      'losses.jsonl',
      'losses.png',
      'previews',
      'waves.onnx',
    ]);
    expect((await readdir(join(house.run, 'previews'))).sort()).toEqual(
      [1, 2, 3, 4, 5, 6].map((step) => `step-00000${step}.png`),
    );
    expect((await losses()).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const picture of ['losses.png', 'previews/step-000006.png']) {
      const { width } = await decode(await readFile(join(house.run, picture)));
      expect(width).toBeGreaterThan(256);
    }

    const { weights, metadata } = await network();
    expect(apart(weights, weightsOf(state))).toBe(0);
    expect(metadata.get('impasto.name')).toBe('waves');
    expect(metadata.get('impasto.steps')).toBe('6');
    expect(JSON.parse(metadata.get('impasto.recipe') ?? '')).toEqual(recipe);
    expect(recipe).toEqual({
      ...tinyRecipe(),
      steps: 6,
      photos: 4,
      lossNetwork: expect.stringMatching(/^vgg-16 [0-9a-f]{64}$/),
      preprocessing: 'caffe',
      artwork: expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
    });
    expect(said()).toContain('waves 6/6 (100 %)');
  });

  it('says once of a damaged photo that it is passed over, and trains on the others', async () => {
    const damaged = 'photo-2.png';
    const whole = await readFile(join(house.photos, damaged));
    await writeFile(join(house.photos, damaged), whole.subarray(0, whole.length / 2));
    const { options, said } = trainingOf(house, { recipe: { ...tinyRecipe(), iterations: 10 } });
    expect((await trainStyle(options)).finished).toBe(true);
    expect(said().match(/passed over/g)).toEqual(['passed over']);
    expect(said()).toContain(`${damaged} is passed over: `);
  });
});

describe('a training that is stopped', () => {
  it('leaves a usable network, and resumed it comes out as if it had never been stopped', async () => {
    const { options } = trainingOf(house, { folder: join(house.root, 'whole') });
    const whole = await trainStyle(options);

    const stopped = await interrupted();
    expect(stopped).toBeGreaterThan(0);
    expect(stopped).toBeLessThan(6);
    const { metadata } = await network();
    expect(metadata.get('impasto.steps')).toBe(String(stopped));
    expect((await loadCheckpoint(house.run))?.step).toBe(stopped);

    const resumed = await trainStyle(trainingOf(house, { resume: true, recipe: {} }).options);
    expect(resumed.finished).toBe(true);
    // One thread adds in one order, so that nothing has to be forgiven.
    expect(apart(resumed.state.tensors, whole.state.tensors)).toBe(0);
    expect(await losses()).toEqual(await losses(options.folder));
    expect(resumed.recipe).toEqual(whole.recipe);
  });

  it('before its first step leaves the network as it began', async () => {
    const { options } = trainingOf(house, { signal: AbortSignal.abort() });
    const { finished, state } = await trainStyle(options);
    expect([finished, state.step]).toEqual([false, 0]);
    expect(apart((await network()).weights, weightsOf(state))).toBe(0);
  });
});

describe('--teacher', () => {
  it('begins with the teacher’s weights, learns from it alone, and notes it', async () => {
    const { recipe: taught } = await trainStyle(trainingOf(house).options);
    const teacher = join(house.run, 'waves.onnx');
    const folder = join(house.root, 'pupil');
    const { options } = trainingOf(house, { teacher, folder });
    const stopped = await trainStyle({ ...options, signal: AbortSignal.abort() });
    expect(apart(weightsOf(stopped.state), (await network()).weights)).toBe(0);

    const pupil = join(folder, 'waves.onnx');
    const other = trainingOf(house, { folder, resume: true, recipe: {}, teacher: pupil });
    await expect(trainStyle(other.options)).rejects.toMatchObject({
      code: 'resume-mismatch',
      userMessage: expect.stringContaining('it learns from another network'),
    });
    // It is kept, and not asked for again.
    await rm(teacher);
    const again = trainingOf(house, { folder, resume: true, recipe: {} });
    const { recipe, finished } = await trainStyle(again.options);
    expect(finished).toBe(true);
    expect(again.said()).toContain('distillation');
    expect(recipe).toMatchObject({
      loss: 'distillation',
      steps: 12,
      teacher: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), ...taught },
    });
  });

  it('teaches a network of another width, which begins anew', async () => {
    await trainStyle(
      trainingOf(house, { recipe: { ...tinyRecipe(), width: 'full', iterations: 1 } }).options,
    );
    const teacher = join(house.run, 'waves.onnx');
    const folder = join(house.root, 'pupil');
    const { recipe } = await trainStyle(trainingOf(house, { teacher, folder }).options);
    expect(recipe).toMatchObject({ width: 'half', steps: 6, teacher: { width: 'full' } });
  });

  it('hands down by what its pupil is scored', async () => {
    const own = { styleWeight: 0.3, artworkBlur: 0, contentLayer: 'relu2_2', rate: 5e-4 };
    await trainStyle(trainingOf(house, { recipe: { ...tinyRecipe(), ...own, iterations: 1 } }).options);
    const folder = join(house.root, 'pupil');
    const { crop, photoShortSide } = tinyRecipe();
    const pupil = trainingOf(house, {
      teacher: join(house.run, 'waves.onnx'),
      folder,
      recipe: { crop, photoShortSide, batch: 1, iterations: 1 },
    });
    const { recipe } = await trainStyle(pupil.options);
    expect(recipe).toMatchObject({ styleWeight: 0.3, artworkBlur: 0, contentLayer: 'relu2_2', rate: 1e-3 });
  });

  it('refuses what is no style, and one of another artwork', async () => {
    const folder = join(house.root, 'pupil');
    const given = trainingOf(house, { teacher: house.artwork, folder });
    await expect(trainStyle(given.options)).rejects.toMatchObject({ code: 'network-damaged' });
    const teacher = join(house.root, 'x4.onnx');
    await writeFile(teacher, publishedTiny(1));
    const upscaler = trainingOf(house, { teacher, folder });
    await expect(trainStyle(upscaler.options)).rejects.toMatchObject({ code: 'teacher-mismatch' });
    await trainStyle(trainingOf(house, { recipe: { ...tinyRecipe(), iterations: 1 } }).options);
    await putPicture(house.artwork, waves(99));
    const changed = trainingOf(house, { teacher: join(house.run, 'waves.onnx'), folder });
    await expect(trainStyle(changed.options)).rejects.toMatchObject({
      code: 'teacher-mismatch',
      userMessage: expect.stringContaining('another artwork'),
    });
    expect(await readdir(house.root)).not.toContain('pupil');
  });
});

describe('--from', () => {
  it('begins with a finished network’s weights, and counts its steps', async () => {
    await trainStyle(trainingOf(house).options);
    const from = join(house.run, 'waves.onnx');
    const folder = join(house.root, 'second');
    const begun = await trainStyle(trainingOf(house, { from, folder, signal: AbortSignal.abort() }).options);
    expect(begun.state.step).toBe(0);
    expect(apart(weightsOf(begun.state), (await network()).weights)).toBe(0);

    await trainStyle(trainingOf(house, { folder, resume: true, recipe: { iterations: 2 } }).options);
    const { metadata } = await network(join(folder, 'waves.onnx'));
    expect(metadata.get('impasto.steps')).toBe('8');
  });

  it('refuses a network of another width, and a file that is none', async () => {
    await trainStyle(trainingOf(house, { signal: AbortSignal.abort() }).options);
    const folder = join(house.root, 'second');
    const from = join(house.run, 'waves.onnx');
    const wide = trainingOf(house, { from, folder, recipe: { ...tinyRecipe(), width: 'full' } });
    await expect(trainStyle(wide.options)).rejects.toMatchObject({ code: 'from-mismatch' });
    const other = trainingOf(house, { from: house.artwork, folder });
    await expect(trainStyle(other.options)).rejects.toMatchObject({ code: 'network-damaged' });
    const absent = trainingOf(house, { from: join(house.root, 'none.onnx'), folder });
    await expect(trainStyle(absent.options)).rejects.toMatchObject({ code: 'file-unreadable' });
    expect(await readdir(house.root)).not.toContain('second');
  });
});
