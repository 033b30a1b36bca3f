import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import { findStyle, loadCatalogue, readPublished } from '../../src/inference/catalogue.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import { type EvaluationInit, evaluateStyle, type PhotoScores } from '../../src/training/evaluate-style.ts';
import { BASELINE, Objective } from '../../src/training/optimisation.ts';
import type { CurvePoint, Scored } from '../../src/training/optimisation-curve.ts';
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
const photos = [1, 2].map((number) => ({ name: `photo-${number}.png`, picture: waves(number, SIDE, SIDE) }));
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
    curves: scoreCache(join(root, 'scores'), { objective: objectiveOf(recipe) }),
    ...given,
  };
}

/** What the plain definitions say of the pictures that people would see: clipped to 0–255 and rounded. */
function plainScores(init: EvaluationInit, paintings: readonly Float32Array[]): Record<string, number>[] {
  return paintings.map((painting, index) => {
    const shown = painting.map((value) => Math.min(255, Math.max(0, Math.round(value))));
    const asPlanes = (values: Float32Array): plain.Planes => plain.planes(3, SIDE, SIDE, values);
    const photo = asPlanes(toPlanes(photos[index]?.picture ?? waves(0)));
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
    const heard: PhotoScores[] = [];
    const init = await published({ onPhoto: (_, scores) => heard.push(scores) });
    const result = await evaluateStyle(init);
    const terms = Object.fromEntries(TERMS.map((key) => [key, expect.any(Number)]));
    const scored = { ...terms, seconds: expect.any(Number) };
    expect(result).toEqual({
      style: 'waves',
      photos: 2,
      network: scored,
      optimisation: { iterations: 3, ...scored },
      content: terms,
      ratio: { objective: expect.any(Number), time: expect.any(Number) },
      against: {
        3: {
          objective: result.optimisation.objective,
          seconds: result.optimisation.seconds,
          ratio: result.ratio.objective,
          worst: expect.any(Number),
          worstPhoto: expect.stringMatching(/^photo-[12]\.png$/),
        },
      },
      reached: { photos: expect.any(Number), iterations: expect.any(Number), seconds: expect.any(Number) },
      bar: { mean: { iterations: 50 }, worst: { iterations: 35 }, passed: false },
      images: heard,
    });
    const { network, optimisation, ratio } = result;
    expect(ratio.objective).toBe(network.objective / optimisation.objective);
    expect(ratio.time).toBe(optimisation.seconds / network.seconds);
    expect(heard.map(({ photo }) => photo)).toEqual(['photo-1.png', 'photo-2.png']);
    const [one, two] = heard;
    for (const key of [...TERMS, 'seconds'] as const) {
      expect(network[key]).toBe(((one?.network[key] ?? 0) + (two?.network[key] ?? 0)) / 2);
      expect(optimisation[key]).toBe(
        ((one?.optimisation[0]?.[key] ?? 0) + (two?.optimisation[0]?.[key] ?? 0)) / 2,
      );
    }
    const worst = heard.map((each) => each.network.objective / (each.optimisation[0]?.objective ?? 0));
    expect(result.against[3]?.worst).toBe(Math.max(...worst));
  });

  it('scores the photo itself: its feature loss is nothing', async () => {
    const { content } = await evaluateStyle(await published());
    expect(content.feature).toBe(0);
    expect(content.objective).toBeCloseTo(content.style + content.totalVariation, -1);
  });

  it('scores what people see, the published network’s paintings clipped and rounded, and the optimisation’s too', async () => {
    const loud = { ...settings, iterations: 1, noise: 200 };
    const init = await published({ settings: loud });
    const result = await evaluateStyle(init);

    const session = await open(init.bytes);
    const painted = [];
    for (const { picture } of photos) {
      const image = new Tensor('float32', toPlanes(picture), [1, 3, SIDE, SIDE]);
      painted.push(floats((await session.run({ image })).painting));
    }
    await session.release();
    expectMeans(result.network, plainScores(init, painted));

    const size = { width: SIDE, height: SIDE };
    const objective = await Objective.create(size, init.targets, init.lossNetwork, init.recipe, open);
    const optimised = [];
    for (const { picture } of photos) optimised.push(await objective.optimise(toPlanes(picture), loud));
    await objective.close();
    // It would show: some of the optimisation's values lie outside of what a picture can hold.
    expect(optimised.some((values) => values.some((value) => value < -50 || value > 305))).toBe(true);
    expectMeans(result.optimisation, plainScores(init, optimised));
  });

  it('needs a photo', async () => {
    await expect(published({ photos: [] }).then(evaluateStyle)).rejects.toThrow(RangeError);
  });
});

describe('the way of the optimisation', () => {
  /** Networks cannot be given a score, so the curve is. */
  const against = async (lowest: readonly number[], objective: number): Promise<PhotoScores['reached']> => {
    const points: CurvePoint[] = [
      { iterations: lowest.length, objective, feature: 0, style: 0, totalVariation: 0, seconds: 8 },
    ];
    const init = await published({
      photos: photos.slice(0, 1),
      settings: { ...settings, iterations: lowest.length },
      curves: { get: async () => ({ points, lowest }), put: async () => expect.unreachable() },
    });
    return (await evaluateStyle(init)).images[0]?.reached;
  };

  it('to the network’s own objective is the first iteration that is as low, and its share of the time', async () => {
    expect(await against([9e30, 8e30, 1, 0.5], 1)).toEqual({ iterations: 3, seconds: 6 });
    expect(await against([9e30, 9e30, 9e30, 9e30], 1)).toBeUndefined();
  });

  it('counts in full where it does not get there', async () => {
    const points = [{ iterations: 2, objective: 1, feature: 0, style: 0, totalVariation: 0, seconds: 8 }];
    const curves = [
      { points, lowest: [1, 1] },
      { points, lowest: [9e30, 9e30] },
    ];
    const init = await published({
      settings: { ...settings, iterations: 2 },
      curves: { get: async () => curves.shift(), put: async () => undefined },
    });
    expect((await evaluateStyle(init)).reached).toEqual({ photos: 1, iterations: 1.5, seconds: 6 });
  });
});

describe('the optimisation’s scores', () => {
  const cached = async (init: EvaluationInit): Promise<Scored & { iterations: number }> =>
    (await evaluateStyle(init)).optimisation;

  it('are kept: a second evaluation takes them, seconds and all', async () => {
    const init = await published();
    const first = await cached(init);
    expect((await readdir(join(root, 'scores'))).length).toBe(2);
    let added = 0;
    const put = async (): Promise<void> => void added++;
    const again = await cached({ ...init, curves: { get: init.curves.get, put } });
    expect(again).toEqual(first);
    expect(added).toBe(0);
  });

  it('hold every mark on the way, so that fewer iterations need no other run', async () => {
    const init = await published({ settings: { ...settings, iterations: 50 } });
    await cached(init);
    const fewer = await evaluateStyle({
      ...init,
      settings: { ...settings, iterations: 35 },
      curves: { get: init.curves.get, put: async () => expect.unreachable() },
    });
    expect(Object.keys(fewer.against)).toEqual(['25', '35']);
    expect(fewer.optimisation).toEqual({ ...fewer.optimisation, iterations: 35 });
    expect(await init.curves.get(waves(1, SIDE, SIDE), 51)).toBeUndefined();
  });

  it('are kept for one subject and one photo only', async () => {
    const folder = join(root, 'scores');
    const point = { iterations: 3, objective: 1, feature: 2, style: 3, totalVariation: 4, seconds: 5 };
    const scored = { points: [point], lowest: [3, 2, 1] };
    const cache = scoreCache(folder, { settings: { ...settings } });
    await cache.put(waves(1), scored);
    expect(await cache.get(waves(1), 3)).toEqual(scored);
    expect(await scoreCache(folder, { settings: { ...settings } }).get(waves(1), 3)).toEqual(scored);
    expect(await cache.get(waves(2), 3)).toBeUndefined();
    // The same pixels in another shape are another photo.
    const { width, height, rgb } = waves(1);
    expect(await cache.get({ width: height, height: width, rgb }, 3)).toBeUndefined();
    const others = [
      { settings: { ...settings, iterations: 4 } },
      { settings: { ...settings, seed: 2 } },
      null,
    ];
    expect(await cache.get(waves(1), 4)).toBeUndefined();
    for (const subject of others) expect(await scoreCache(folder, subject).get(waves(1), 3)).toBeUndefined();
  });

  it.each(['', '{"points": [', '{"points": [], "lowest": null}', 'no JSON'])(
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
