import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBorder, withoutBorder } from '../../src/inference/border.ts';
import { gradient } from '../images/support.ts';

const side = fc.integer({ min: 1, max: 30 });
const border = fc.integer({ min: 0, max: 45 });

describe('the border', () => {
  it('comes off again without a trace', () => {
    fc.assert(
      fc.property(side, side, border, (width, height, amount) => {
        const picture = gradient(width, height);
        const mirrored = withBorder(picture, amount);
        expect([mirrored.width, mirrored.height]).toEqual([width + 2 * amount, height + 2 * amount]);
        expect(withoutBorder(mirrored, amount)).toEqual(picture);
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it('is the picture’s mirror image, the edge not repeated, again and again where it is wider than the picture', () => {
    const reds = [10, 20, 30];
    const row = { width: 3, height: 1, rgb: Uint8Array.from(reds.flatMap((red) => [red, 0, 0])) };
    const { width, height, rgb } = withBorder(row, 5);
    expect([width, height]).toEqual([13, 11]);
    const first = Array.from({ length: width }, (_, column) => rgb[3 * column]);
    expect(first).toEqual([20, 10, 20, 30, 20, 10, 20, 30, 20, 10, 20, 30, 20]);
  });
});
