import { describe, expect, it } from 'vitest';
import { matchHistograms } from '../../src/images/histogram.ts';
import type { Picture } from '../../src/images/picture.ts';
import { seeded } from '../inference/support.ts';

function noise(width: number, height: number, level: (random: number) => number): Picture {
  const next = seeded(width + height);
  return { width, height, rgb: Uint8Array.from({ length: 3 * width * height }, () => level(next())) };
}

function quantile({ rgb }: Picture, channel: number, share: number): number {
  const levels = rgb.filter((_, at) => at % 3 === channel).sort();
  return levels[Math.floor(share * (levels.length - 1))] ?? 0;
}

describe('matchHistograms', () => {
  it('gives a picture the levels of another, whatever the sizes, and keeps their order', () => {
    const dull = noise(80, 70, (random) => 100 + 40 * random);
    const vivid = noise(50, 60, (random) => 255 * random ** 2);
    const matched = matchHistograms(dull, vivid);
    for (const channel of [0, 1, 2]) {
      for (const share of [0.05, 0.25, 0.5, 0.75, 0.95])
        expect(Math.abs(quantile(matched, channel, share) - quantile(vivid, channel, share))).toBeLessThan(9);
    }
    for (let at = 3; at < dull.rgb.length; at += 3) {
      const [before, after] = [dull, matched].map(({ rgb }) => (rgb[at] ?? 0) - (rgb[0] ?? 0));
      expect((before ?? 0) * (after ?? 0)).toBeGreaterThanOrEqual(0);
    }
  });

  it('leaves a picture all but as it is beside itself, and makes it flat beside one that is flat', () => {
    const picture = noise(40, 30, (random) => 255 * random);
    const { rgb } = matchHistograms(picture, picture);
    const away = rgb.map((value, at) => Math.abs(value - (picture.rgb[at] ?? 0)));
    expect(Math.max(...away)).toBeLessThanOrEqual(1);
    const flat = noise(10, 10, () => 77);
    expect(new Set(matchHistograms(picture, flat).rgb)).toEqual(new Set([77]));
  });
});
