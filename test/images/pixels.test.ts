import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fineLuminance, keepColors, luma } from '../../src/images/colour.ts';
import { decode } from '../../src/images/decode.ts';
import { encode } from '../../src/images/encode.ts';
import { psnr } from '../../src/images/psnr.ts';
import { centreCrop, resize, resizeShortSide } from '../../src/images/resample.ts';
import { farthest, gradient } from './support.ts';

const side = fc.integer({ min: 1, max: 50 });

describe('encode', () => {
  it('comes back the same from PNG, alpha included', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, fc.boolean(), async (width, height, alpha) => {
        const picture = gradient(width, height, alpha);
        expect(await decode(await encode(picture, { format: 'png' }))).toEqual(picture);
      }),
      { numRuns: 12, seed: 5 },
    );
  });

  it('comes back alike from JPEG and WebP', async () => {
    const picture = gradient(60, 44);
    for (const format of ['jpeg', 'webp'] as const) {
      expect(psnr(await decode(await encode(picture, { format })), picture, 'rgb')).toBeGreaterThan(36);
    }
    const [rough, fine] = await Promise.all(
      [20, 95].map((quality) => encode(picture, { format: 'jpeg', quality })),
    );
    expect(rough?.length).toBeLessThan(fine?.length ?? 0);
  });

  it('keeps alpha in WebP, and puts white behind it in JPEG', async () => {
    const picture = { ...gradient(16, 16), alpha: new Uint8Array(256) };
    expect(
      (await decode(await encode(picture, { format: 'webp' }))).alpha?.every((value) => value === 0),
    ).toBe(true);
    const opaque = await decode(await encode(picture, { format: 'jpeg' }));
    expect(opaque.alpha).toBeUndefined();
    expect(opaque.rgb.every((value) => value >= 253)).toBe(true);
  });

  it('writes no metadata', async () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const { exif, icc, xmp } = await sharp(await encode(gradient(8, 8), { format })).metadata();
      expect([exif, icc, xmp]).toEqual([undefined, undefined, undefined]);
    }
  });
});

describe('resize', () => {
  it('gives the size that was asked for, and flat colours as they were', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fc.nat(255), async (w, h, to, into, value) => {
        const flat = { width: w, height: h, rgb: new Uint8Array(3 * w * h).fill(value) };
        const resized = await resize(flat, to, into);
        expect([resized.width, resized.height]).toEqual([to, into]);
        expect(resized.rgb.every((entry) => Math.abs(entry - value) <= 1)).toBe(true);
      }),
      { numRuns: 15, seed: 6 },
    );
  });

  it('does not let colours bleed out of what is transparent', async () => {
    const rgb = new Uint8Array(3 * 16 * 16);
    const alpha = new Uint8Array(16 * 16);
    for (let place = 0; place < 256; place++) {
      const visible = place % 16 < 8;
      alpha[place] = visible ? 255 : 0;
      rgb.set(visible ? [200, 100, 50] : [0, 255, 0], 3 * place);
    }
    const { rgb: small, alpha: opacity } = await resize({ width: 16, height: 16, rgb, alpha }, 5, 5);
    for (let place = 0; place < 25; place++) {
      if ((opacity?.[place] ?? 0) < 64) continue;
      expect(Math.abs((small[3 * place + 1] ?? 0) - 100)).toBeLessThanOrEqual(10);
    }
  });

  it('keeps proportions by the short side, and cuts the middle', async () => {
    const wide = await resizeShortSide(gradient(40, 20), 10);
    expect([wide.width, wide.height]).toEqual([20, 10]);
    const tall = await resizeShortSide(gradient(3, 9), 6);
    expect([tall.width, tall.height]).toEqual([6, 18]);
    const source = gradient(7, 5, true);
    const square = centreCrop(source, 3);
    expect(square.rgb[0]).toBe(source.rgb[3 * (1 * 7 + 2)]);
    expect(square.alpha?.[8]).toBe(source.alpha?.[3 * 7 + 4]);
    expect(() => centreCrop(source, 6)).toThrow(RangeError);
  });
});

describe('colour', () => {
  it('keepColors has the painting’s luma and the source’s chroma', () => {
    const source = gradient(20, 20);
    const painting = {
      ...source,
      rgb: source.rgb.map((value, index) => (index % 3 === 1 ? value - 30 : 90)),
    };
    const kept = keepColors(painting, source);
    for (let at = 0; at < kept.rgb.length; at += 3) {
      const [wanted, got] = [painting.rgb, kept.rgb].map((rgb) =>
        luma(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0),
      );
      expect(Math.abs((wanted ?? 0) - (got ?? 0))).toBeLessThan(1.01);
      const redness = (rgb: Uint8Array): number => (rgb[at] ?? 0) - (rgb[at + 2] ?? 0);
      expect(Math.abs(redness(kept.rgb) - redness(source.rgb))).toBeLessThanOrEqual(1);
    }
  });

  it('fineLuminance adds nothing where the smaller size held all, and edges where it did not', async () => {
    const smooth = gradient(64, 64, true);
    const grey = {
      width: 64,
      height: 64,
      rgb: new Uint8Array(3 * 64 * 64).fill(128),
      alpha: smooth.alpha ?? new Uint8Array(),
    };
    const same = await fineLuminance(grey, smooth, { width: 32, height: 32 }, 1);
    expect(farthest(same.rgb, grey.rgb)).toBeLessThanOrEqual(10);
    expect(same.alpha).toEqual(grey.alpha);
    const lines = {
      ...smooth,
      rgb: smooth.rgb.map((_, index) => (Math.floor(index / 3) % 2 === 0 ? 60 : 180)),
    };
    const sharpened = await fineLuminance(grey, lines, { width: 16, height: 16 }, 0.5);
    expect((sharpened.rgb[3 * 33] ?? 0) - (sharpened.rgb[3 * 32] ?? 0)).toBeGreaterThan(40);
  });
});

describe('psnr', () => {
  it('is the textbook’s', () => {
    const a = { width: 2, height: 1, rgb: Uint8Array.of(10, 10, 10, 20, 20, 20) };
    const b = { width: 2, height: 1, rgb: Uint8Array.of(15, 15, 15, 20, 20, 20) };
    const expected = 10 * Math.log10(255 ** 2 / 12.5);
    expect(psnr(a, b, 'rgb')).toBeCloseTo(expected, 10);
    // Luma from 16 to 235 differs by so much less.
    expect(psnr(a, b, 'y')).toBeCloseTo(expected + 20 * Math.log10(255 / 219), 10);
    expect(psnr(a, a, 'y')).toBe(Number.POSITIVE_INFINITY);
    expect(() => psnr(a, gradient(3, 3), 'rgb')).toThrow(RangeError);
  });
});
