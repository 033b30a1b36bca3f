import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../../src/images/picture.ts';
import { mirroredPart } from '../../src/inference/mirror.ts';
import { paintWhole } from '../../src/inference/paint-whole.ts';
import { gradient } from '../images/support.ts';

const side = fc.integer({ min: 1, max: 30 });

function reds({ width, rgb }: Picture): (number | undefined)[] {
  return Array.from({ length: width }, (_, column) => rgb[3 * column]);
}

const ROW: Picture = {
  width: 3,
  height: 1,
  rgb: Uint8Array.from([10, 20, 30].flatMap((red) => [red, 0, 0])),
};

describe('the mirror image around a picture', () => {
  it('leaves the edge unrepeated, and begins again where it is wider than the picture', () => {
    const around = mirroredPart(ROW, { left: -5, top: -5, width: 10, height: 8 });
    expect([around.width, around.height]).toEqual([10, 8]);
    expect(reds(around)).toEqual([20, 10, 20, 30, 20, 10, 20, 30, 20, 10]);
  });
});

describe('painting a picture whole', () => {
  it('gives back what a network that changes nothing is given, at any size, in one run', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, async (width, height) => {
        const picture = gradient(width, height);
        let runs = 0;
        const paint = async (planes: Float32Array): Promise<Float32Array> => {
          runs += 1;
          return planes;
        };
        expect(await paintWhole({ paint }, picture)).toEqual(picture);
        expect(runs).toBe(1);
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  it('shows a network sides of 16 pixels at least, mirrored where the picture ends', async () => {
    const seen: Float32Array[] = [];
    const paint = async (planes: Float32Array, width: number, height: number): Promise<Float32Array> => {
      expect([width, height]).toEqual([16, 16]);
      seen.push(planes.slice());
      return planes;
    };
    expect(await paintWhole({ paint }, ROW)).toEqual(ROW);
    expect([...(seen[0] ?? [])].slice(0, 6)).toEqual([10, 20, 30, 20, 10, 20]);
  });
});
