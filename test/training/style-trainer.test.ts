import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { styleParameters } from '../../src/graph/networks/style.ts';
import type { WeightValues } from '../../src/graph/networks/weights.ts';
import { loadCheckpoint, saveCheckpoint } from '../../src/training/checkpoint.ts';
import type { StyleRecipe } from '../../src/training/recipe.ts';
import { runTraining } from '../../src/training/run-training.ts';
import type { Losses } from '../../src/training/session-values.ts';
import { shapeOf } from '../../src/training/style-step.ts';
import { styleTargets } from '../../src/training/style-targets.ts';
import { beginning, createStyleTrainer } from '../../src/training/style-trainer.ts';
import {
  type PhotoBatches,
  type Trainer,
  type TrainingState,
  weightsOf,
} from '../../src/training/trainer.ts';
import { apart, open, tinyLossNetwork, tinyRecipe, waves, wavesOf } from './support.ts';

let opened: Trainer[] = [];
let folder = '';

beforeEach(async () => {
  opened = [];
  folder = await mkdtemp(join(tmpdir(), 'impasto-trainer-'));
});

afterEach(async () => {
  for (const trainer of opened) await trainer.close();
  await rm(folder, { recursive: true });
});

async function trainerOf(
  recipe: StyleRecipe,
  state: TrainingState = beginning(recipe),
  photos: PhotoBatches = wavesOf(recipe),
  teacher?: ReadonlyMap<string, WeightValues>,
): Promise<Trainer> {
  const lossNetwork = tinyLossNetwork();
  const targets = await styleTargets(waves(11, 40, 36), lossNetwork, recipe, open);
  const trainer = await createStyleTrainer({ recipe, lossNetwork, targets, teacher, photos, state, open });
  opened.push(trainer);
  return trainer;
}

async function steps(trainer: Trainer, count: number): Promise<Losses[]> {
  const losses: Losses[] = [];
  for (let step = 0; step < count; step++) losses.push(await trainer.step());
  return losses;
}

describe('a step', () => {
  it('gives the three terms and their sum, all of them above nothing', async () => {
    const [losses] = await steps(await trainerOf(tinyRecipe()), 1);
    if (!losses) throw new Error('a step gives losses');
    const { objective, feature = 0, style = 0, totalVariation = 0 } = losses;
    for (const term of [feature, style, totalVariation]) expect(term).toBeGreaterThan(0);
    expect(objective / (feature + style + totalVariation)).toBeCloseTo(1, 5);
  });

  it('moves every kernel by the rate at first, as Adam does where the gradient is not nothing', async () => {
    const recipe = tinyRecipe({ rate: 2e-3, schedule: 'constant' });
    const trainer = await trainerOf(recipe);
    const before = weightsOf(trainer.state);
    await trainer.step();
    for (const [name, { data }] of weightsOf(trainer.state)) {
      const moved = data.map((value, index) => Math.abs(value - (before.get(name)?.data[index] ?? 0)));
      expect(Math.max(...moved), name).toBeLessThan(2.01e-3);
      const sorted = [...moved].sort((a, b) => a - b);
      if (name.endsWith('.weight'))
        expect(sorted[Math.floor(sorted.length / 2)], name).toBeGreaterThan(1.9e-3);
    }
  });

  it('learns: the same photo scores lower after some steps', async () => {
    const recipe = tinyRecipe({ rate: 5e-3, schedule: 'constant' });
    const { batch } = wavesOf(recipe);
    const trainer = await trainerOf(recipe, beginning(recipe), { batch: () => batch(1) });
    const losses = await steps(trainer, 30);
    expect(losses.at(-1)?.objective).toBeLessThan(0.8 * (losses[0]?.objective ?? 0));
  });

  it('learns to paint alike wherever the network’s grid lies, where that is asked for', async () => {
    const recipe = tinyRecipe({
      crop: 96,
      photoShortSide: 96,
      consistencyWeight: 20,
      contentWeight: 0.01,
      styleWeight: 0,
      totalVariationWeight: 0,
      rate: 5e-3,
      schedule: 'constant',
    });
    const { batch } = wavesOf(recipe);
    const losses = await steps(await trainerOf(recipe, beginning(recipe), { batch: () => batch(1) }), 25);
    const [first, last] = [losses[0], losses.at(-1)];
    expect(first?.consistency).toBeGreaterThan(0);
    expect(last?.consistency).toBeLessThan(0.6 * (first?.consistency ?? 0));
    if (!last) throw new Error('a step gives losses');
    const { objective, feature = 0, style = 0, totalVariation = 0, consistency = 0 } = last;
    expect(objective / (feature + style + totalVariation + consistency)).toBeCloseTo(1, 5);
    expect(() => tinyRecipe({ consistencyWeight: 1 })).toThrow('96 pixels');
  });

  it('fails where a photo or a weight makes it not a number, and leaves the state as it was', async () => {
    const recipe = tinyRecipe();
    const good = wavesOf(recipe);
    const trainer = await trainerOf(recipe, beginning(recipe), {
      batch: async (step) => (await good.batch(step)).map((value) => (step === 3 ? Number.NaN : value)),
    });
    await steps(trainer, 2);
    const { state } = trainer;
    await expect(trainer.step()).rejects.toMatchObject({
      code: 'training-diverged',
      data: { step: 3 },
      userMessage: expect.stringContaining('step 3'),
    });
    expect(trainer.state).toBe(state);

    const spoilt = new Map(state.tensors);
    const kernel = spoilt.get('weight:down1.weight');
    if (!kernel) throw new Error('there is such a kernel');
    spoilt.set('weight:down1.weight', { ...kernel, data: kernel.data.with(0, Number.POSITIVE_INFINITY) });
    const other = await trainerOf(recipe, { step: 2, tensors: spoilt });
    await expect(other.step()).rejects.toMatchObject({ code: 'training-diverged' });
  });
});

describe('a training that is interrupted', () => {
  it('goes on from its checkpoint to the same losses and the same weights, to the bit', async () => {
    const recipe = tinyRecipe({ batch: 2, iterations: 8 });
    const whole = await trainerOf(recipe);
    const expected = await steps(whole, 8);

    const first = await trainerOf(recipe);
    const losses = await steps(first, 3);
    await saveCheckpoint(folder, { ...first.state, meta: null });
    const state = await loadCheckpoint(folder);
    const second = await trainerOf(recipe, state);
    losses.push(...(await steps(second, 5)));

    // One thread adds in one order, so that nothing has to be forgiven.
    expect(losses).toEqual(expected);
    expect(second.state.step).toBe(8);
    expect(apart(second.state.tensors, whole.state.tensors)).toBe(0);
  });

  it('would not come out there without Adam’s means, or with its steps counted anew', async () => {
    const recipe = tinyRecipe({ iterations: 8 });
    const whole = await trainerOf(recipe);
    await steps(whole, 3);
    const { tensors } = whole.state;
    await steps(whole, 2);
    const forgetful = new Map(
      [...tensors].map(([name, { dims, data }]) =>
        name.startsWith('weight:') ? [name, { dims, data }] : [name, { dims, data: data.map(() => 0) }],
      ),
    );
    for (const state of [
      { step: 3, tensors: forgetful },
      { step: 0, tensors },
    ]) {
      const trainer = await trainerOf(recipe, state);
      await steps(trainer, 2);
      expect(apart(weightsOf(trainer.state), weightsOf(whole.state))).toBeGreaterThan(1e-4);
    }
  });
});

describe('the beginning', () => {
  const recipe = tinyRecipe();

  it('is the same for the same seed and another for another', () => {
    const of = (seed: number): Map<string, WeightValues> => weightsOf(beginning({ ...recipe, seed }));
    expect(apart(of(1), of(1))).toBe(0);
    expect(apart(of(1), of(2))).toBeGreaterThan(0.5);
  });

  it('is a finished network’s weights where there is one, with nothing remembered', () => {
    const finished = weightsOf(beginning({ ...recipe, seed: 7 }));
    const state = beginning(recipe, finished);
    expect(apart(weightsOf(state), finished)).toBe(0);
    expect(state.step).toBe(0);
    for (const [name, { data }] of state.tensors)
      if (!name.startsWith('weight:')) expect(data.every((value) => value === 0)).toBe(true);
  });

  it('refuses a network of another width', () => {
    const full = weightsOf(beginning({ ...recipe, width: 'full' }));
    expect(() => beginning(recipe, full)).toThrow(expect.objectContaining({ code: 'from-mismatch' }));
    expect([...full.keys()]).toEqual(styleParameters(shapeOf({ width: 'full' })).map(({ name }) => name));
  });
});

describe('a run', () => {
  it('saves now and then and at the end, each step once', async () => {
    const recipe = tinyRecipe({ iterations: 4 });
    const done: number[] = [];
    const saved: number[] = [];
    const hooks = {
      onStep: async (step: number) => void done.push(step),
      save: async ({ step }: TrainingState) => void saved.push(step),
    };
    const { signal } = new AbortController();
    const trainer = await trainerOf(recipe);
    expect(await runTraining(trainer, hooks, { iterations: 4, everySeconds: 0, signal })).toBe(true);
    expect([done, saved]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    const again = await trainerOf(recipe);
    await runTraining(again, hooks, { iterations: 4, everySeconds: 3600, signal });
    expect(saved.slice(4)).toEqual([4]);
  });

  it('stops after the step at hand when it is told to, and saves that', async () => {
    const controller = new AbortController();
    const saved: number[] = [];
    const trainer = await trainerOf(tinyRecipe());
    const hooks = {
      onStep: async (step: number) => {
        if (step === 2) controller.abort();
      },
      save: async ({ step }: TrainingState) => void saved.push(step),
    };
    const options = { iterations: 6, everySeconds: 3600, signal: controller.signal };
    expect(await runTraining(trainer, hooks, options)).toBe(false);
    expect(saved).toEqual([2]);
  });

  it('saves nothing of a step that diverged', async () => {
    const recipe = tinyRecipe();
    const good = wavesOf(recipe);
    const trainer = await trainerOf(recipe, beginning(recipe), {
      batch: async (step) => (await good.batch(step)).fill(step === 2 ? Number.NaN : 100),
    });
    const saved: number[] = [];
    const hooks = {
      onStep: async () => undefined,
      save: async ({ step }: TrainingState) => void saved.push(step),
    };
    const options = { iterations: 6, everySeconds: 3600, signal: new AbortController().signal };
    await expect(runTraining(trainer, hooks, options)).rejects.toMatchObject({ code: 'training-diverged' });
    expect(saved).toEqual([]);
  });
});
