import { describe, expect, it } from 'vitest';
import type { Picture } from '../../src/images/picture.ts';
import { ssim } from '../../src/images/ssim.ts';
import { seeded } from '../inference/support.ts';

function noise(width: number, height: number, seed: number, spread: number): Picture {
  const next = seeded(seed);
  return {
    width,
    height,
    rgb: Uint8Array.from({ length: 3 * width * height }, () => 128 + spread * (next() - 0.5)),
  };
}

/** Wang et al. 2004, equation 13, window by window in two dimensions. */
function byDefinition(a: Picture, b: Picture): number {
  const y = ({ rgb }: Picture, place: number): number =>
    16 +
    (65.481 * (rgb[3 * place] ?? 0) +
      128.553 * (rgb[3 * place + 1] ?? 0) +
      24.966 * (rgb[3 * place + 2] ?? 0)) /
      255;
  const taps = Array.from({ length: 121 }, (_, tap) => {
    const [u, v] = [Math.floor(tap / 11) - 5, (tap % 11) - 5];
    return { u, v, weight: Math.exp(-(u * u + v * v) / 4.5) };
  });
  const total = taps.reduce((sum, { weight }) => sum + weight, 0);
  const values: number[] = [];
  for (let row = 5; row < a.height - 5; row++) {
    for (let column = 5; column < a.width - 5; column++) {
      const over = (f: (x: number, z: number) => number): number =>
        taps.reduce((sum, { u, v, weight }) => {
          const place = (row + u) * a.width + column + v;
          return sum + (weight / total) * f(y(a, place), y(b, place));
        }, 0);
      const [mx, my] = [over((x) => x), over((_, z) => z)];
      const [vx, vy] = [over((x) => (x - mx) ** 2), over((_, z) => (z - my) ** 2)];
      const both = over((x, z) => (x - mx) * (z - my));
      const [c1, c2] = [6.5025, 58.5225];
      values.push(((2 * mx * my + c1) * (2 * both + c2)) / ((mx ** 2 + my ** 2 + c1) * (vx + vy + c2)));
    }
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('ssim', () => {
  it('is the definition', () => {
    for (const [seed, spread] of [
      [1, 200],
      [2, 20],
      [3, 2],
    ] as const) {
      const [a, b] = [noise(17, 14, seed, spread), noise(17, 14, seed + 10, spread)];
      // BT.601's own coefficients are rounded to three digits in the one, to six in the other.
      expect(ssim(a, b)).toBeCloseTo(byDefinition(a, b), 4);
    }
  });

  it('is 1 for the same picture, and less for one that is blurred or moved', () => {
    const a = noise(20, 20, 4, 200);
    const moved = { ...a, rgb: Uint8Array.from([...a.rgb.slice(3), ...a.rgb.slice(0, 3)]) };
    expect(ssim(a, a)).toBeCloseTo(1, 12);
    expect(ssim(a, moved)).toBeLessThan(0.5);
    expect(ssim(a, { ...a, rgb: a.rgb.map(() => 128) })).toBeLessThan(0.5);
  });

  it('refuses what can’t be compared', () => {
    expect(() => ssim(noise(20, 20, 1, 9), noise(20, 21, 1, 9))).toThrow(RangeError);
    expect(() => ssim(noise(10, 20, 1, 9), noise(10, 20, 1, 9))).toThrow(RangeError);
  });
});
