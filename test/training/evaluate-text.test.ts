import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resize } from '../../src/images/resample.ts';
import { evaluateText, type TextLook } from '../../src/training/evaluate-text.ts';
import { kernelEnlarger } from '../../src/training/evaluate-upscale.ts';
import { textSheets } from '../../src/training/photos/text-sheet.ts';

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('pictures of text', () => {
  it('are in every size from 8 to 14 pixels, dark on light and light on dark, the same every time', async () => {
    const sheets = await textSheets(2);
    expect(sheets.map(({ pixels, ground }) => `${pixels} ${ground}`)).toEqual(
      [8, 9, 10, 11, 12, 13, 14].flatMap((pixels) => [`${pixels} light`, `${pixels} dark`]),
    );
    for (const { picture, ground } of sheets) {
      const { width, height, rgb } = picture;
      expect([width, height, rgb.length]).toEqual([336, 192, 3 * 336 * 192]);
      const least = rgb.reduce((low, level) => Math.min(low, level), 255);
      const most = rgb.reduce((high, level) => Math.max(high, level), 0);
      expect(most - least, 'letters stand out').toBeGreaterThan(150);
      expect((rgb[0] ?? 0) > 128).toBe(ground === 'light');
    }
    const again = await textSheets(2);
    expect(again.map(({ picture }) => hash(picture.rgb))).toEqual(
      sheets.map(({ picture }) => hash(picture.rgb)),
    );
    expect(new Set(again.map(({ picture }) => hash(picture.rgb))).size).toBe(14);
  });
});

describe('enlarged text', () => {
  it('is no nearer to the truth than Lanczos’s where Lanczos enlarges it: a miss', async () => {
    const looks: TextLook[] = [];
    const result = await evaluateText(kernelEnlarger('lanczos', 2), (look) => looks.push(look));
    expect(result).toMatchObject({ network: 'lanczos', factor: 2, pictures: 14, gain: 0, passed: false });
    expect(result.rows.map(({ degraded }) => degraded)).toEqual(['plain', 'jpeg 40', 'jpeg 60', 'jpeg 80']);
    const [plain, worst, middle, best] = result.rows.map(({ psnrY }) => psnrY);
    expect(worst).toBeLessThan(middle ?? 0);
    expect(middle).toBeLessThan(best ?? 0);
    expect(best).toBeLessThan(plain ?? 0);
    expect(looks).toHaveLength(56);
    expect(looks[0]).toMatchObject({ low: { width: 168 }, enlarged: { width: 336 }, truth: { width: 336 } });
    expect(result.protocol).toMatch(/seed 2016; .* sha256 [0-9a-f]{12};/);
  });

  it('passes where every kind is a decibel nearer, and not where one is not', async () => {
    const sheets = await textSheets(2);
    let asked = 0;
    const oracle = (knows: (call: number) => boolean): typeof enlarger => ({
      ...enlarger,
      enlarge: async (low) => {
        const call = asked++;
        const truth = sheets[call % sheets.length]?.picture;
        return truth && knows(call) ? truth : resize(low, 2 * low.width, 2 * low.height);
      },
    });
    const enlarger = kernelEnlarger('lanczos', 2);
    expect((await evaluateText(oracle(() => true))).passed).toBe(true);
    asked = 0;
    // The third kind of four is left to Lanczos.
    const partly = await evaluateText(oracle((call) => Math.floor(call / 14) !== 2));
    expect(partly.rows.map(({ gain }) => gain >= 1)).toEqual([true, true, false, true]);
    expect(partly.passed).toBe(false);
  });
});
