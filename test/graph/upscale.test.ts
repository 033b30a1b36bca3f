import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/graph/network-file.ts';
import {
  publishedUpscaler,
  receptiveField,
  servingUpscaler,
  type UpscaleShape,
  upscaleParameters,
  upscaleShape,
} from '../../src/graph/networks/upscale.ts';
import { seeded } from '../inference/support.ts';
import { TINY_UPSCALER, upscalerWeights } from '../inference/upscaler-support.ts';

async function opened(model: Uint8Array): Promise<InferenceSession> {
  return InferenceSession.create(model, { intraOpNumThreads: 1 });
}

async function enlarged(
  session: InferenceSession,
  data: Float32Array,
  w: number,
  h: number,
): Promise<Float32Array> {
  const { enlarged } = await session.run({ image: new Tensor('float32', data, [1, 3, h, w]) });
  if (!(enlarged?.data instanceof Float32Array)) throw new Error('expected floats');
  return enlarged.data;
}

function noise(count: number, seed: number): Float32Array {
  const next = seeded(seed);
  return Float32Array.from({ length: count }, () => 255 * next());
}

const shapes: UpscaleShape[] = [
  TINY_UPSCALER,
  { ...TINY_UPSCALER, factor: 2, skip: 'none' },
  { ...TINY_UPSCALER, factor: 8, residualBlocks: 2 },
  { ...TINY_UPSCALER, normalisation: 'batch', skip: 'none' },
];

describe.each(shapes)('a network of %o', (shape) => {
  const published = publishedUpscaler(upscalerWeights(shape, 3), shape.skip, { licence: 'test' });

  it('is served as its published form is, at any size', async () => {
    const file = readNetwork(published);
    expect(file.metadata.get('licence')).toBe('test');
    const served = servingUpscaler(file);
    expect(served.shape).toEqual(shape);
    const [one, other] = [await opened(published), await opened(served.model)];
    const side = fc.integer({ min: 1, max: 24 });
    await fc.assert(
      fc.asyncProperty(side, side, fc.nat(99), async (width, height, seed) => {
        const data = noise(3 * width * height, seed);
        const [a, b] = [await enlarged(one, data, width, height), await enlarged(other, data, width, height)];
        expect(a.length).toBe(shape.factor ** 2 * data.length);
        a.forEach((value, index) => {
          if (Math.abs(value - (b[index] ?? Number.NaN)) > 0.05)
            throw new Error(`${value} is served as ${b[index]}`);
        });
      }),
      { numRuns: 8, seed: 11 },
    );
    await one.release();
    await other.release();
  });

  it('sees as far as it says, and no farther', async () => {
    const reach = receptiveField(shape);
    const side = 2 * reach + 5;
    const session = await opened(published);
    const data = noise(3 * side * side, 5);
    const before = Float32Array.from(await enlarged(session, data, side, side));
    const middle = Math.floor(side / 2);
    for (let channel = 0; channel < 3; channel++) data[channel * side * side + middle * side + middle] = 1000;
    const after = await enlarged(session, data, side, side);
    const wide = side * shape.factor;
    let farthest = 0;
    after.forEach((value, index) => {
      if (value === before[index]) return;
      const small = Math.floor((index % wide) / shape.factor);
      farthest = Math.max(farthest, Math.abs(small - middle));
    });
    expect(farthest).toBeLessThanOrEqual(reach);
    expect(farthest).toBeGreaterThanOrEqual(reach - 1);
    await session.release();
  });
});

describe('the shape', () => {
  it('is read from the weights', () => {
    for (const shape of shapes) expect(upscaleShape(upscalerWeights(shape, 1), shape.skip)).toEqual(shape);
    expect(() => upscaleShape(new Map(), 'none')).toThrow(RangeError);
  });

  it('of the paper at ×4 has 64 channels, four residual blocks and two enlargements', () => {
    const names = upscaleParameters({ ...TINY_UPSCALER, channels: 64, residualBlocks: 4 });
    expect(
      names.filter(({ name }) => name.endsWith('.weight')).map(({ name, dims }) => [name, dims]),
    ).toEqual([
      ['in.weight', [64, 3, 9, 9]],
      ...[1, 2, 3, 4].flatMap((block) => [
        [`residual${block}a.weight`, [64, 64, 3, 3]],
        [`residual${block}b.weight`, [64, 64, 3, 3]],
      ]),
      ['up1.weight', [64, 64, 3, 3]],
      ['up2.weight', [64, 64, 3, 3]],
      ['out.weight', [3, 64, 9, 9]],
    ]);
  });

  it('is not known where the file does not say what the output is added to', () => {
    const { weights } = readNetwork(publishedUpscaler(upscalerWeights(TINY_UPSCALER, 1), 'bicubic'));
    expect(() => servingUpscaler({ weights, metadata: new Map() })).toThrow(RangeError);
  });
});
