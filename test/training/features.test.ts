import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { toModel } from '../../src/graph/model.ts';
import { centreCrop } from '../../src/images/resample.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import { LossNetwork } from '../../src/training/features.ts';
import { floats } from '../../src/training/session-values.ts';
import { open, tinyLossNetwork, waves } from './support.ts';

const LAYERS = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3'];

interface Features {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

async function featuresOf(
  picture: ReturnType<typeof waves>,
  part: 'whole' | 'inner',
): Promise<Map<string, Features>> {
  const dims = [1, 3, picture.height, picture.width];
  const graph = new Graph();
  const features = new LossNetwork(tinyLossNetwork()).features(graph.input('image', dims), LAYERS, part);
  const session = await open(toModel(graph, Object.fromEntries(features)));
  const results = await session.run({ image: new Tensor('float32', toPlanes(picture), dims) });
  await session.release();
  return new Map(
    LAYERS.map((layer) => [layer, { dims: results[layer]?.dims ?? [], data: floats(results[layer]) }]),
  );
}

/** The largest difference of a square map to the middle of a larger one. */
function fromMiddle(small: Features, large: Features): number {
  const [, channels = 0, , side = 0] = small.dims;
  const [, , , wide = 0] = large.dims;
  const offset = (wide - side) / 2;
  let away = 0;
  for (let at = 0; at < channels * side * side; at++) {
    const [column, row, channel] = [at % side, Math.floor(at / side) % side, Math.floor(at / side / side)];
    const there = (channel * wide + row + offset) * wide + column + offset;
    away = Math.max(away, Math.abs((small.data[at] ?? 0) - (large.data[there] ?? Number.POSITIVE_INFINITY)));
  }
  return away;
}

describe('inner features', () => {
  it('are the same whatever lies around the picture, and whole ones are not', async () => {
    const around = waves(3, 256, 256);
    const large = await featuresOf(around, 'whole');
    const crop = centreCrop(around, 192);
    const [inner, whole] = await Promise.all([featuresOf(crop, 'inner'), featuresOf(crop, 'whole')]);
    for (const layer of LAYERS) {
      const [within, all, there] = [inner, whole, large].map((features) => features.get(layer));
      if (!within || !all || !there) throw new Error(`${layer} is missing`);
      expect(within.dims[2], layer).toBeLessThan(all.dims[2] ?? 0);
      expect(fromMiddle(within, there), layer).toBeLessThan(1e-3);
      expect(fromMiddle(all, there), layer).toBeGreaterThan(1);
    }
  });

  it('leave half of each side of a small picture', async () => {
    const features = await featuresOf(waves(4, 32, 32), 'inner');
    expect(LAYERS.map((layer) => features.get(layer)?.dims.slice(2))).toEqual([
      [28, 28],
      [10, 10],
      [4, 4],
      [2, 2],
    ]);
  });
});
