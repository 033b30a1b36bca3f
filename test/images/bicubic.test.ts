import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropToMultiple, resizeBicubic } from '../../src/images/bicubic.ts';
import type { Picture } from '../../src/images/picture.ts';

/** Grey levels as a picture. */
function grey(width: number, height: number, level: (x: number, y: number) => number): Picture {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
    const place = Math.floor(at / 3);
    return level(place % width, Math.floor(place / width));
  });
  return { width, height, rgb };
}

function row(picture: Picture, y = 0): number[] {
  return Array.from({ length: picture.width }, (_, x) => picture.rgb[3 * (y * picture.width + x)] ?? -1);
}

/** The definition, in one dimension and without any cleverness: symmetric border, kernel widened to shrink. */
function byDefinition(levels: readonly number[], to: number): number[] {
  const scale = to / levels.length;
  const wide = Math.max(1, 1 / scale);
  const keys = (d: number): number => {
    const x = Math.abs(d);
    if (x <= 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
    return x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
  };
  const doubled = [...levels, ...levels.toReversed()];
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) / scale - 0.5;
    let [sum, weights] = [0, 0];
    for (let place = -4 * levels.length; place < 5 * levels.length; place++) {
      const weight = keys((centre - place) / wide);
      const wrapped = ((place % doubled.length) + doubled.length) % doubled.length;
      sum += weight * (doubled[wrapped] ?? 0);
      weights += weight;
    }
    return Math.min(255, Math.max(0, Math.floor(sum / weights + 0.5)));
  });
}

describe('resizeBicubic', () => {
  it('has Matlab’s weights: an impulse doubled, and a step halved', () => {
    // k(±0.25) = 0.8671875, k(±0.75) = 0.2265625, k(±1.25) = −0.0703125, k(±1.75) = −0.0234375; on a ground of 100.
    const impulse = grey(9, 1, (x) => (x === 4 ? 200 : 100));
    expect(row(resizeBicubic(impulse, 18, 1))).toEqual([
      ...[100, 100, 100, 100, 100, 98, 93, 123, 187, 187, 123, 93, 98, 100, 100, 100, 100, 100],
    ]);
    // Halved, the kernel is twice as wide and half as high: 0.434, 0.113, −0.035, −0.012 to either side, so that
    // 0.066 of the step is seen from the second pixel before it, and −0.012 from the fourth.
    const step = grey(12, 1, (x) => (x < 6 ? 100 : 200));
    expect(row(resizeBicubic(step, 6, 1))).toEqual([100, 99, 107, 193, 201, 200]);
  });

  it('is the definition, shrinking and enlarging by any amount', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (levels, to) => {
          const expected = byDefinition(levels, to);
          expect(
            row(
              resizeBicubic(
                grey(levels.length, 1, (x) => levels[x] ?? 0),
                to,
                1,
              ),
            ),
          ).toEqual(expected);
          const column = resizeBicubic(
            grey(1, levels.length, (_, y) => levels[y] ?? 0),
            1,
            to,
          );
          expect(Array.from({ length: to }, (_, y) => column.rgb[3 * y])).toEqual(expected);
        },
      ),
      { seed: 7 },
    );
  });

  it('treats each channel by itself, and keeps what is flat', () => {
    const flat = {
      width: 8,
      height: 6,
      rgb: Uint8Array.from({ length: 144 }, (_, at) => [10, 20, 255][at % 3] ?? 0),
    };
    const { rgb } = resizeBicubic(flat, 5, 13);
    expect(rgb).toEqual(Uint8Array.from({ length: 195 }, (_, at) => [10, 20, 255][at % 3] ?? 0));
  });
});

describe('cropToMultiple', () => {
  it('leaves out the last rows and columns', () => {
    const { width, height, rgb } = cropToMultiple(
      grey(11, 7, (x, y) => 16 * y + x),
      4,
    );
    expect([width, height, rgb.length]).toEqual([8, 4, 96]);
    expect(rgb.at(-1)).toBe(16 * 3 + 7);
  });
});
