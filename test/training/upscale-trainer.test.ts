import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/training/checkpoint.ts';
import type { Losses } from '../../src/training/session-values.ts';
import {
  type PhotoBatches,
  type Trainer,
  type TrainingState,
  weightsOf,
} from '../../src/training/trainer.ts';
import type { UpscaleRecipe } from '../../src/training/upscale-recipe.ts';
import { createUpscaleTrainer, upscaleBeginning } from '../../src/training/upscale-trainer.ts';
import { apart, open, tinyLossNetwork } from './support.ts';
import { tinyUpscaleRecipe, wavePairs } from './upscale-support.ts';

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
  recipe: UpscaleRecipe,
  state: TrainingState = upscaleBeginning(recipe),
  photos: PhotoBatches = wavePairs(recipe),
): Promise<Trainer> {
  const trainer = await createUpscaleTrainer({ recipe, lossNetwork: tinyLossNetwork(), photos, state, open });
  opened.push(trainer);
  return trainer;
}

async function steps(trainer: Trainer, count: number): Promise<Losses[]> {
  const losses: Losses[] = [];
  for (let step = 0; step < count; step++) losses.push(await trainer.step());
  return losses;
}

describe('a step', () => {
  it('compares pixels, or features, or both', async () => {
    const [pixel] = await steps(await trainerOf(tinyUpscaleRecipe()), 1);
    expect(Object.keys(pixel ?? {})).toEqual(['objective', 'pixel']);
    expect(pixel?.objective).toBe(pixel?.pixel);
    const [feature] = await steps(await trainerOf(tinyUpscaleRecipe({ loss: 'feature', patch: 16 })), 1);
    expect(Object.keys(feature ?? {})).toEqual(['objective', 'feature']);
    const both = tinyUpscaleRecipe({ loss: 'feature', patch: 16, pixelWeight: 3 });
    const [sum] = await steps(await trainerOf(both), 1);
    expect(sum?.feature).toBeCloseTo(feature?.feature ?? 0, 2);
    expect((sum?.objective ?? 0) / ((sum?.feature ?? 0) + (sum?.pixel ?? 0))).toBeCloseTo(1, 5);
  });

  it.each(['pixel', 'feature'] as const)(
    'learns by its %s: the same pair scores lower after some steps',
    async (loss) => {
      const recipe = tinyUpscaleRecipe({ loss, patch: 16, rate: 1e-3, schedule: 'constant' });
      const { batch } = wavePairs(recipe);
      const trainer = await trainerOf(recipe, upscaleBeginning(recipe), { batch: () => batch(1) });
      const losses = await steps(trainer, 20);
      expect(losses.at(-1)?.objective).toBeLessThan(0.7 * (losses[0]?.objective ?? 0));
    },
  );
});

describe('a training that is interrupted', () => {
  it.each([{ factor: 4 } as const, { normalisation: 'batch', skip: 'none' } as const])(
    'goes on from its checkpoint to the same losses and the same weights, to the bit: %o',
    async (given) => {
      const recipe = tinyUpscaleRecipe({ batch: 2, iterations: 6, ...given });
      const whole = await trainerOf(recipe);
      const expected = await steps(whole, 6);

      const first = await trainerOf(recipe);
      const losses = await steps(first, 2);
      await saveCheckpoint(folder, { ...first.state, meta: null });
      const second = await trainerOf(recipe, await loadCheckpoint(folder));
      losses.push(...(await steps(second, 4)));

      // One thread adds in one order, so that nothing has to be forgiven.
      expect(losses).toEqual(expected);
      expect(apart(second.state.tensors, whole.state.tensors)).toBe(0);
    },
  );
});

describe('batch normalisation', () => {
  it('is published with the running statistics of what training saw', async () => {
    const recipe = tinyUpscaleRecipe({ normalisation: 'batch', patch: 16, rate: 1e-6, schedule: 'constant' });
    const { batch } = wavePairs(recipe);
    const trainer = await trainerOf(recipe, upscaleBeginning(recipe), { batch: () => batch(1) });
    expect(weightsOf(trainer.state).get('in.variance')?.data[0]).toBe(1);
    // Nothing moves but the statistics, to 0.9^60 = 0.002 of where they go.
    await steps(trainer, 60);
    const before = weightsOf(trainer.state).get('in.mean')?.data ?? new Float32Array();
    await steps(trainer, 5);
    const after = weightsOf(trainer.state).get('in.mean')?.data ?? new Float32Array();
    expect(Math.max(...after.map(Math.abs))).toBeGreaterThan(1e-3);
    const moved = after.map((mean, channel) => Math.abs(mean - (before[channel] ?? Number.NaN)));
    expect(Math.max(...moved)).toBeLessThan(5e-3);
    for (const name of trainer.state.tensors.keys())
      expect(name).not.toMatch(/^(mean|square):.*[.](mean|variance)$/);
  });
});

describe('the beginning', () => {
  it('is the same for the same seed and another for another', () => {
    const of = (seed: number): ReturnType<typeof weightsOf> =>
      weightsOf(upscaleBeginning(tinyUpscaleRecipe({ seed })));
    expect(apart(of(1), of(1))).toBe(0);
    expect(apart(of(1), of(2))).toBeGreaterThan(0.5);
  });

  it('may be a finished network of a smaller factor, whose last enlargement is repeated', () => {
    const finished = weightsOf(upscaleBeginning(tinyUpscaleRecipe({ factor: 4, seed: 3 })));
    const eight = weightsOf(upscaleBeginning(tinyUpscaleRecipe({ factor: 8 }), finished));
    for (const [name, { data }] of finished) expect(eight.get(name)?.data).toEqual(data);
    expect(eight.get('up3.weight')?.data).toEqual(finished.get('up2.weight')?.data);
    expect(() => upscaleBeginning(tinyUpscaleRecipe({ factor: 4 }), new Map())).toThrow(
      expect.objectContaining({ code: 'from-mismatch', data: { weight: 'in.weight' } }),
    );
  });
});
