import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../../src/images/picture.ts';
import { mirrored } from '../../src/inference/mirror.ts';
import { paintSpun } from '../../src/inference/spin.ts';
import { gradient } from '../images/support.ts';

const side = fc.integer({ min: 1, max: 30 });

describe('the mirror image around a picture', () => {
  it('leaves the edge unrepeated, and begins again where it is wider than the picture', () => {
    const row: Picture = {
      width: 3,
      height: 1,
      rgb: Uint8Array.from([10, 20, 30].flatMap((red) => [red, 0, 0])),
    };
    const { width, height, rgb } = mirrored(row, 5, 2);
    expect([width, height]).toEqual([10, 8]);
    const first = Array.from({ length: width }, (_, column) => rgb[3 * column]);
    expect(first).toEqual([20, 10, 20, 30, 20, 10, 20, 30, 20, 10]);
  });
});

describe('spinning', () => {
  it('gives back what a network that changes nothing is given, at any size', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, async (width, height) => {
        const picture = gradient(width, height);
        const fractions: number[] = [];
        const same = { paint: async (planes: Float32Array) => planes };
        expect(await paintSpun(same, picture, (done) => fractions.push(done))).toEqual(picture);
        expect(fractions).toEqual([0.5, 1]);
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  it('cancels what hangs on the network’s grid of 4 pixels, and throws the edge away', async () => {
    const grey: Picture = { width: 20, height: 12, rgb: new Uint8Array(3 * 20 * 12).fill(100) };
    const weaving = {
      paint: async (planes: Float32Array, width: number, height: number): Promise<Float32Array> =>
        planes.map((value, at) => {
          const [column, row] = [at % width, Math.floor(at / width) % height];
          const edge = Math.min(column, row, width - 1 - column, height - 1 - row) < 20;
          return edge ? 0 : value + 40 * Math.cos((Math.PI / 2) * column);
        }),
    };
    expect(await paintSpun(weaving, grey)).toEqual(grey);
  });
});
