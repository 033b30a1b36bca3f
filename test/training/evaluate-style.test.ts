import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import { findStyle, loadCatalogue, readPublished } from '../../src/inference/catalogue.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import {
  type EvaluationInit,
  evaluateStyle,
  passesBar,
  type Scored,
} from '../../src/training/evaluate-style.ts';
import { BASELINE, Objective } from '../../src/training/optimisation.ts';
import { publishStyle } from '../../src/training/publish.ts';
import { objectiveOf, trainedRecipe } from '../../src/training/recipe.ts';
import { scoreCache } from '../../src/training/score-cache.ts';
import { floats } from '../../src/training/session-values.ts';
import { styleTargets } from '../../src/training/style-targets.ts';
import { beginning } from '../../src/training/style-trainer.ts';
import { weightsOf } from '../../src/training/trainer.ts';
import * as plain from './plain-objective.ts';
import { open, tinyLossNetwork, tinyRecipe, waves } from './support.ts';

const SIDE = 32;
const TERMS = ['objective', 'feature', 'style', 'totalVariation'] as const;
const photos = [waves(1, SIDE, SIDE), waves(2, SIDE, SIDE)];
const settings = { ...BASELINE, iterations: 3 };
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'impasto-evaluation-'));
});

afterEach(() => rm(root, { recursive: true }));

/** A style that was published with weights of no training, as evaluation is given it. */
async function published(
  given: Partial<EvaluationInit> = {},
): Promise<EvaluationInit & { bytes: Uint8Array }> {
  const models = join(root, 'models');
  const made = tinyRecipe();
  const artwork = { title: 'Waves', artist: 'Nobody', year: 2016, credit: 'public domain' };
  await publishStyle(
    models,
    { name: 'waves', emoji: '🌊', artwork, recipe: { ...made, steps: 0 }, scores: {} },
    weightsOf(beginning(made)),
    new Uint8Array(1),
  );
  const catalogue = await loadCatalogue(models);
  const entry = findStyle(catalogue, 'waves');
  const bytes = await readPublished(catalogue, entry);
  const recipe = trainedRecipe(entry.recipe, 'waves');
  return {
    bytes,
    style: 'waves',
    weights: readNetwork(bytes).weights,
    photos,
    targets: await styleTargets(waves(11, 40, 36), tinyLossNetwork(), recipe, open),
    lossNetwork: tinyLossNetwork(),
    recipe: objectiveOf(recipe),
    settings,
    open,
    cache: scoreCache(join(root, 'scores'), { objective: objectiveOf(recipe) }),
    ...given,
  };
}

/** What the plain definitions say of the pictures that people would see: clipped to 0–255 and rounded. */
function plainScores(init: EvaluationInit, paintings: readonly Float32Array[]): Record<string, number>[] {
  return paintings.map((painting, index) => {
    const shown = painting.map((value) => Math.min(255, Math.max(0, Math.round(value))));
    const asPlanes = (values: Float32Array): plain.Planes => plain.planes(3, SIDE, SIDE, values);
    const photo = asPlanes(toPlanes(photos[index] ?? waves(0)));
    return plain.objective(asPlanes(shown), photo, init.targets, init.lossNetwork, init.recipe);
  });
}

function expectMeans(scored: Scored, expected: readonly Record<string, number>[]): void {
  for (const term of TERMS) {
    const mean = expected.reduce((sum, scores) => sum + (scores[term] ?? Number.NaN), 0) / expected.length;
    expect(scored[term] / mean, term).toBeCloseTo(1, 4);
  }
}

describe('an evaluation', () => {
  it('gives means over the photos for both sides and their ratios', async () => {
    const heard: [Scored, Scored][] = [];
    const init = await published({ onPhoto: (_, ours, theirs) => heard.push([ours, theirs]) });
    const result = await evaluateStyle(init);
    const scored = Object.fromEntries([...TERMS, 'seconds'].map((key) => [key, expect.any(Number)]));
    expect(result).toEqual({
      style: 'waves',
      photos: 2,
      network: scored,
      optimisation: { iterations: 3, ...scored },
      ratio: { objective: expect.any(Number), time: expect.any(Number) },
    });
    const { network, optimisation, ratio } = result;
    expect(ratio.objective).toBe(network.objective / optimisation.objective);
    expect(ratio.time).toBe(optimisation.seconds / network.seconds);
    expect(heard.length).toBe(2);
    for (const key of [...TERMS, 'seconds'] as const) {
      expect(network[key]).toBe(((heard[0]?.[0][key] ?? 0) + (heard[1]?.[0][key] ?? 0)) / 2);
      expect(optimisation[key]).toBe(((heard[0]?.[1][key] ?? 0) + (heard[1]?.[1][key] ?? 0)) / 2);
    }
  });

  it('scores what people see, the published network’s paintings clipped and rounded, and the optimisation’s too', async () => {
    const loud = { ...settings, iterations: 1, noise: 200 };
    const init = await published({ settings: loud });
    const result = await evaluateStyle(init);

    const session = await open(init.bytes);
    const painted = [];
    for (const photo of photos) {
      const image = new Tensor('float32', toPlanes(photo), [1, 3, SIDE, SIDE]);
      painted.push(floats((await session.run({ image })).painting));
    }
    await session.release();
    expectMeans(result.network, plainScores(init, painted));

    const size = { width: SIDE, height: SIDE };
    const objective = await Objective.create(size, init.targets, init.lossNetwork, init.recipe, open);
    const optimised = [];
    for (const photo of photos) optimised.push(await objective.optimise(toPlanes(photo), loud));
    await objective.close();
    // It would show: some of the optimisation's values lie outside of what a picture can hold.
    expect(optimised.some((values) => values.some((value) => value < -50 || value > 305))).toBe(true);
    expectMeans(result.optimisation, plainScores(init, optimised));
  });

  it('needs a photo', async () => {
    await expect(published({ photos: [] }).then(evaluateStyle)).rejects.toThrow(RangeError);
  });
});

describe('the bar', () => {
  it.each<[number, number, number, boolean]>([
    [1, 50, 20, true],
    [0.5, 500, 40, true],
    [1.001, 50, 20, false],
    [0.5, 49, 20, false],
    [0.5, 50, 19, false],
  ])('at %d times the objective of %d iterations on %d photos: %s', (ratio, iterations, count, passed) => {
    const scored = { objective: 1, feature: 1, style: 0, totalVariation: 0, seconds: 1 };
    const result = {
      ...{ style: 'waves', photos: count, network: scored },
      optimisation: { iterations, ...scored },
      ratio: { objective: ratio, time: 1 },
    };
    expect(passesBar(result)).toBe(passed);
  });
});

describe('the optimisation’s scores', () => {
  const cached = async (init: EvaluationInit): Promise<Scored & { iterations: number }> =>
    (await evaluateStyle(init)).optimisation;

  it('are kept: a second evaluation takes them, seconds and all', async () => {
    const init = await published();
    const first = await cached(init);
    expect((await readdir(join(root, 'scores'))).length).toBe(2);
    // Settings that would never end show that nothing is optimised again.
    const again = await cached({ ...init, settings: { ...settings, iterations: Number.POSITIVE_INFINITY } });
    expect(again).toEqual({ ...first, iterations: Number.POSITIVE_INFINITY });
  });

  it('are kept for one subject and one photo only', async () => {
    const folder = join(root, 'scores');
    const scored = { objective: 1, feature: 2, style: 3, totalVariation: 4, seconds: 5 };
    const cache = scoreCache(folder, { settings: { ...settings } });
    await cache.put(waves(1), scored);
    expect(await cache.get(waves(1))).toEqual(scored);
    expect(await scoreCache(folder, { settings: { ...settings } }).get(waves(1))).toEqual(scored);
    expect(await cache.get(waves(2))).toBeUndefined();
    // The same pixels in another shape are another photo.
    const { width, height, rgb } = waves(1);
    expect(await cache.get({ width: height, height: width, rgb })).toBeUndefined();
    const others = [
      { settings: { ...settings, iterations: 4 } },
      { settings: { ...settings, seed: 2 } },
      null,
    ];
    for (const subject of others) expect(await scoreCache(folder, subject).get(waves(1))).toBeUndefined();
  });

  it.each(['', '{"objective": 1', '{"objective": 1, "feature": null}', 'no JSON'])(
    'are made anew where their file holds %j',
    async (text) => {
      const init = await published();
      const first = await cached(init);
      for (const file of await readdir(join(root, 'scores')))
        await writeFile(join(root, 'scores', file), text);
      const again = await cached(init);
      expect(again.objective).toBe(first.objective);
    },
  );

  it('say so where they can’t be kept', async () => {
    await writeFile(join(root, 'scores'), 'a file in the place of the folder');
    await expect(published().then(evaluateStyle)).rejects.toMatchObject({
      code: 'not-writable',
      userMessage: expect.stringContaining('The scores so far are kept.'),
    });
  });
});
