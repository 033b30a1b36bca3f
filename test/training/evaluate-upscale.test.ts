import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { resizeBicubic } from '../../src/images/bicubic.ts';
import type { Picture } from '../../src/images/picture.ts';
import { psnr } from '../../src/images/psnr.ts';
import { withoutBorder } from '../../src/images/resample.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import { type Enlarger, evaluateUpscale, kernelEnlarger } from '../../src/training/evaluate-upscale.ts';
import { LossNetwork } from '../../src/training/features.ts';
import { PERCEPTUAL_LAYERS, PerceptualDistance } from '../../src/training/perceptual-distance.ts';
import { run } from '../graph/support.ts';
import { open, tinyLossNetwork, waves } from './support.ts';

/** From the features themselves, in double precision. */
async function byDefinition(a: Picture, b: Picture): Promise<number[]> {
  const phi = new LossNetwork(tinyLossNetwork());
  const graph = new Graph();
  const features = phi.features(graph.input('x', [1, 3, a.height, a.width]), PERCEPTUAL_LAYERS);
  const model = toModel(graph, Object.fromEntries(features));
  const of = (picture: Picture): ReturnType<typeof run> =>
    run(model, { x: { dims: [1, 3, a.height, a.width], data: toPlanes(picture) } });
  const [ours, theirs] = [await of(a), await of(b)];
  return PERCEPTUAL_LAYERS.map((layer) => {
    const [x, y] = [ours[layer], theirs[layer]];
    if (!x || !y) throw new Error(layer);
    const [, channels = 0, h = 0, w = 0] = x.dims;
    const at = (data: Float32Array, place: number): number[] =>
      Array.from({ length: channels }, (_, channel) => data[channel * h * w + place] ?? 0);
    let sum = 0;
    for (let place = 0; place < h * w; place++) {
      const [p, q] = [at(x.data, place), at(y.data, place)];
      const [lp, lq] = [Math.hypot(...p) + 1e-10, Math.hypot(...q) + 1e-10];
      p.forEach((value, channel) => {
        sum += (value / lp - (q[channel] ?? 0) / lq) ** 2;
      });
    }
    return sum / (channels * h * w);
  });
}

describe('the perceptual distance', () => {
  it('is the mean squared difference of channel-normalised features, over four layers', async () => {
    const [a, b] = [waves(1, 24, 40), waves(2, 24, 40)];
    const distance = await PerceptualDistance.create(tinyLossNetwork(), open);
    const { perceptualDistance, relu4_3 } = await distance.between(a, b);
    const expected = await byDefinition(a, b);
    expect(perceptualDistance / (expected.reduce((sum, one) => sum + one, 0) / 4)).toBeCloseTo(1, 3);
    expect(relu4_3 / (expected[3] ?? 0)).toBeCloseTo(1, 3);
    expect(await distance.between(a, a)).toEqual({ perceptualDistance: 0, relu4_3: 0 });
    await distance.close();
  });
});

describe('an evaluation', () => {
  it('crops the truth to a multiple and leaves out a border of the factor', async () => {
    const distance = await PerceptualDistance.create(tinyLossNetwork(), open);
    const truth = waves(3, 51, 46);
    const seen: Picture[] = [];
    const enlarger: Enlarger = {
      ...kernelEnlarger('bicubic', 4),
      enlarge: async (picture) => {
        seen.push(picture);
        return resizeBicubic(picture, 48, 44);
      },
    };
    const result = await evaluateUpscale({
      ...{ enlarger, set: 'one', degradation: 'bicubic', quality: 60, distance },
      pictures: [{ name: 'a', picture: truth }],
    });
    await distance.close();
    const [low] = seen;
    if (!low) throw new Error('it was enlarged');
    expect([low.width, low.height]).toEqual([12, 11]);
    const whole = resizeBicubic(low, 48, 44);
    const inner = (picture: Picture): Picture => withoutBorder(picture, 4);
    const rows = {
      width: 48,
      height: 44,
      rgb: Uint8Array.from({ length: 3 * 48 * 44 }, (_, at) => {
        const place = Math.floor(at / 3);
        return truth.rgb[3 * (Math.floor(place / 48) * 51 + (place % 48)) + (at % 3)] ?? 0;
      }),
    };
    expect(result.psnrY).toBeCloseTo(psnr(inner(whole), inner(rows), 'y'), 10);
    expect(result.images).toHaveLength(1);
    expect(result.images[0]).toMatchObject({ name: 'a', psnrY: result.psnrY, ssimY: result.ssimY });
  });
});
