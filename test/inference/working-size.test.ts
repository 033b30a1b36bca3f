import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workingSizeOf } from '../../src/inference/working-size.ts';

describe('workingSizeOf', () => {
  it.each([
    ['a common photo as it is', [800, 600], [800, 600]],
    ['a photo at the limit as it is', [1536, 1024], [1536, 1024]],
    ['12 megapixels shrunk', [4000, 3000], [1536, 1152]],
    ['24 megapixels upright shrunk', [4000, 6000], [1024, 1536]],
    ['one pixel enlarged', [1, 1], [32, 32]],
    ['a small icon enlarged in proportion', [10, 20], [32, 64]],
    ['a banner at the short side’s minimum', [1600, 20], [1536, 32]],
    ['a hair widened out of proportion', [4000, 1], [1536, 32]],
  ])('leaves %s', (_, [width = 0, height = 0], [w, h]) => {
    expect(workingSizeOf({ width, height }, 1536)).toEqual({ width: w, height: h });
  });

  it('keeps to the limits, and to the proportions wherever both limits allow', () => {
    const side = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20_000 }));
    fc.assert(
      fc.property(side, side, fc.integer({ min: 64, max: 4096 }), (width, height, workingSize) => {
        const size = workingSizeOf({ width, height }, workingSize);
        const long = Math.max(size.width, size.height);
        const short = Math.min(size.width, size.height);
        expect(short).toBeGreaterThanOrEqual(32);
        expect(long).toBeLessThanOrEqual(workingSize);
        expect(size.width >= size.height).toBe(width >= height || size.width === size.height);
        if (short > 32) {
          expect(Math.abs(size.height - (size.width * height) / width)).toBeLessThanOrEqual(
            0.5 + (0.5 * height) / width,
          );
        }
      }),
    );
  });
});
