import { describe, expect, it } from 'vitest';
import {
  foldPreprocessing,
  PREPROCESSINGS,
  type Preprocessing,
} from '../../src/training/loss-network/preprocessing.ts';

const SIDE = 4;
/** RGB, 0–255, CHW. */
const picture = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, index) => (index * 83) % 256);
const layer = {
  name: 'conv1_1',
  outChannels: 2,
  inChannels: 3,
  weight: Float32Array.from({ length: 2 * 27 }, (_, index) => Math.sin(index * 1.7)),
  bias: Float32Array.of(0.5, -3),
};

/** A 3×3 convolution padded with zeros, in double precision. */
function convolve(
  input: readonly number[],
  { weight, bias }: { weight: Float32Array; bias: Float32Array },
): number[] {
  const output: number[] = [];
  for (let out = 0; out < 2; out++) {
    for (let at = 0; at < SIDE * SIDE; at++) {
      const [y, x] = [Math.floor(at / SIDE), at % SIDE];
      let sum = bias[out] ?? 0;
      for (let tap = 0; tap < 27; tap++) {
        const [channel, dy, dx] = [Math.floor(tap / 9), Math.floor((tap % 9) / 3) - 1, (tap % 3) - 1];
        const inside = y + dy >= 0 && y + dy < SIDE && x + dx >= 0 && x + dx < SIDE;
        const value = inside ? (input[(channel * SIDE + y + dy) * SIDE + x + dx] ?? 0) : 0;
        sum += value * (weight[out * 27 + tap] ?? 0);
      }
      output.push(sum);
    }
  }
  return output;
}

/** What each network's documentation says to do with a picture. */
const documented: Readonly<Record<Preprocessing, (channel: number, at: number) => number>> = {
  caffe: (channel, at) => {
    const mean = [103.939, 116.779, 123.68][channel] ?? 0;
    return (picture[(2 - channel) * SIDE * SIDE + at] ?? 0) - mean;
  },
  torchvision: (channel, at) => {
    const [mean = 0, deviation = 1] =
      [
        [0.485, 0.229],
        [0.456, 0.224],
        [0.406, 0.225],
      ][channel] ?? [];
    return ((picture[channel * SIDE * SIDE + at] ?? 0) / 255 - mean) / deviation;
  },
};

describe.each(PREPROCESSINGS)('%s', (preprocessing) => {
  it('folded, takes RGB less its mean to the same features, borders included', () => {
    const { layers, mean } = foldPreprocessing({ layers: [layer], preprocessing });
    const [first = layer] = layers;
    const fed = [...picture].map((value, index) => value - (mean[Math.floor(index / SIDE ** 2)] ?? 0));
    const wanted = Array.from(picture, (_, index) =>
      documented[preprocessing](Math.floor(index / SIDE ** 2), index % SIDE ** 2),
    );
    const [found, meant] = [convolve(fed, first), convolve(wanted, layer)];
    const size = Math.max(...meant.map(Math.abs));
    for (const [index, value] of found.entries())
      expect(Math.abs(value - (meant[index] ?? 0))).toBeLessThan(1e-6 * size);
  });

  it('leaves what it was given, and the layers behind, as they were', () => {
    const before = Float32Array.from(layer.weight);
    const second = { ...layer, name: 'conv1_2' };
    const { layers } = foldPreprocessing({ layers: [layer, second], preprocessing });
    expect(layer.weight).toEqual(before);
    expect(layers[1]).toBe(second);
    expect(layers[0]?.bias).toEqual(layer.bias);
  });
});

it('refuses a first layer that takes no three channels', () => {
  expect(() => foldPreprocessing({ layers: [], preprocessing: 'caffe' })).toThrow(RangeError);
});
