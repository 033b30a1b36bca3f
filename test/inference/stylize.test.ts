import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Picture } from '../../src/images/picture.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks, type Networks, type TransformNetwork } from '../../src/inference/network.ts';
import { paintTiles, statisticsOf } from '../../src/inference/paint-tiles.ts';
import { paintWhole } from '../../src/inference/paint-whole.ts';
import { type StylizeOptions, stylize } from '../../src/inference/stylize.ts';
import { catalogueFolder, seeded } from './support.ts';

const WHOLE: StylizeOptions = { strength: 1, keepColors: false, detail: 'working', workingSize: 64 };

let folder: string;
let networks: Networks;
let network: TransformNetwork;

beforeAll(async () => {
  folder = await catalogueFolder('mosaic');
  networks = createNetworks({ catalogue: await loadCatalogue(folder), provider: 'cpu', threads: 1 });
  network = networks.style('mosaic');
});

afterAll(async () => {
  await networks.close();
  await rm(folder, { recursive: true });
});

function photo(width: number, height: number, alpha = false): Picture {
  const random = seeded(width * 1000 + height);
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
    const x = Math.floor(at / 3) % width;
    return (255 * (x / width + random())) / 2;
  });
  if (!alpha) return { width, height, rgb };
  return { width, height, rgb, alpha: Uint8Array.from({ length: width * height }, () => 255 * random()) };
}

/** The network itself, with a note of every size at which it was run. */
function watched(): { sizes: string[]; network: TransformNetwork } {
  const sizes: string[] = [];
  return {
    sizes,
    network: {
      ...network,
      paint: (planes, width, height) => {
        sizes.push(`${width}×${height}`);
        return network.paint(planes, width, height);
      },
    },
  };
}

function meanDifference(a: Picture, b: Picture): number {
  return a.rgb.reduce((sum, value, at) => sum + Math.abs(value - (b.rgb[at] ?? 0)), 0) / a.rgb.length;
}

describe('stylize', () => {
  it('is the network’s own painting below the working size', async () => {
    const picture = photo(50, 37);
    const painting = await stylize(network, picture, WHOLE);
    expect(painting).toEqual(await paintWhole(network, picture));
    expect(meanDifference(painting, picture)).toBeGreaterThan(5);
  });

  it('keeps every size, and the alpha to the byte', async () => {
    const side = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 200 }));
    await fc.assert(
      fc.asyncProperty(side, side, fc.boolean(), fc.boolean(), async (width, height, alpha, keepColors) => {
        const picture = photo(width, height, alpha);
        const { rgb, ...painting } = await stylize(network, picture, { ...WHOLE, keepColors });
        expect(painting).toEqual({ width, height, ...(alpha ? { alpha: picture.alpha } : {}) });
        expect(rgb).toHaveLength(picture.rgb.length);
      }),
      {
        numRuns: 20,
        examples: [
          [1, 1, true, false],
          [300, 1, false, true],
          [1, 300, true, true],
        ],
      },
    );
  });

  it.each([
    ['a photo within it', 60, 40, 60, 40],
    ['a large photo', 256, 128, 64, 32],
    ['a tiny one', 8, 16, 32, 64],
    ['a hair', 1, 500, 32, 64],
  ])('runs the network once, at the working size: %s', async (_, width, height, across, down) => {
    const { sizes, network: watchedNetwork } = watched();
    await stylize(watchedNetwork, photo(width, height), WHOLE);
    expect(sizes).toEqual([`${across}×${down}`]);
  });

  it('gives a large photo’s fine texture back, which the working size could not hold', async () => {
    const rgb = Uint8Array.from({ length: 3 * 256 * 256 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return 128 + (pixel % 256 < 128 ? 60 : 0) * ((pixel + Math.floor(pixel / 256)) % 2 === 0 ? 1 : -1);
    });
    const { rgb: painted } = await stylize(network, { width: 256, height: 256, rgb }, WHOLE);
    const roughness = (from: number): number => {
      let sum = 0;
      for (let row = 0; row < 256; row++) {
        for (let column = from; column < from + 60; column++) {
          const at = 3 * (256 * row + column) + 1;
          sum += Math.abs((painted[at] ?? 0) - (painted[at + 3] ?? 0));
        }
      }
      return sum / (256 * 60);
    };
    expect(roughness(30)).toBeGreaterThan(roughness(170) + 20);
    expect(roughness(30)).toBeLessThan(110);
  });

  it('does not let hidden alpha into the painting', async () => {
    const { alpha: _, ...plain } = photo(100, 80, true);
    const clear = { ...plain, alpha: new Uint8Array(8000) };
    expect((await stylize(network, clear, WHOLE)).rgb).toEqual((await stylize(network, plain, WHOLE)).rgb);
  });
});

describe('strength', () => {
  it('gives the source back at 0, without running the network', async () => {
    const picture = photo(40, 40, true);
    const { sizes, network: watchedNetwork } = watched();
    expect(await stylize(watchedNetwork, picture, { ...WHOLE, strength: 0 })).toEqual(picture);
    expect(sizes).toEqual([]);
  });

  it('lies between source and painting, in proportion', async () => {
    const picture = photo(40, 40);
    const painting = await stylize(network, picture, WHOLE);
    const whole = meanDifference(painting, picture);
    for (const strength of [0.25, 0.5, 0.9]) {
      const part = await stylize(network, picture, { ...WHOLE, strength });
      expect(meanDifference(part, picture) / whole).toBeCloseTo(strength, 1);
      part.rgb.forEach((value, at) => {
        const ends = [painting.rgb[at] ?? 0, picture.rgb[at] ?? 0];
        expect(value).toBeGreaterThanOrEqual(Math.min(...ends));
        expect(value).toBeLessThanOrEqual(Math.max(...ends));
      });
    }
  });

  it.each([-0.01, 1.01, Number.NaN, Number.POSITIVE_INFINITY])('is refused at %d', async (strength) => {
    await expect(stylize(network, photo(40, 40), { ...WHOLE, strength })).rejects.toMatchObject({
      name: 'UserError',
      code: 'strength-out-of-range',
    });
  });
});

describe('options', () => {
  it('keeps a grey photo grey when asked to keep colours, and does not otherwise', async () => {
    const random = seeded(5);
    const grey = Uint8Array.from({ length: 1600 }, () => 60 + 130 * random());
    const picture = {
      width: 40,
      height: 40,
      rgb: Uint8Array.from({ length: 4800 }, (_, at) => grey[Math.floor(at / 3)] ?? 0),
    };
    const spread = ({ rgb }: Picture): number =>
      Math.max(...grey.map((_, at) => Math.abs((rgb[3 * at] ?? 0) - (rgb[3 * at + 2] ?? 0))));
    expect(spread(await stylize(network, picture, { ...WHOLE, keepColors: true }))).toBeLessThanOrEqual(2);
    expect(spread(await stylize(network, picture, WHOLE))).toBeGreaterThan(20);
  });

  it('paints every pixel of a large picture where full detail is asked for', async () => {
    const picture = photo(200, 120, true);
    const options = { ...WHOLE, detail: 'full' } as const;
    const painting = await stylize(network, picture, options);
    const { alpha, ...source } = picture;
    const statistics = await statisticsOf(network, source);
    expect(painting).toEqual({ ...(await paintTiles(network, statistics, source)), alpha });
    expect(meanDifference(painting, await stylize(network, picture, WHOLE))).toBeGreaterThan(2);
  });

  it('are the same in full detail', async () => {
    const picture = photo(130, 90);
    const full = { ...WHOLE, detail: 'full' } as const;
    const half = await stylize(network, picture, { ...full, strength: 0.5 });
    const painted = await stylize(network, picture, full);
    half.rgb.forEach((value, at) => {
      const between = ((picture.rgb[at] ?? 0) + (painted.rgb[at] ?? 0)) / 2;
      expect(Math.abs(value - between)).toBeLessThanOrEqual(0.5);
    });
    const coloured = await stylize(network, picture, { ...full, keepColors: true });
    expect(meanDifference(coloured, picture)).toBeLessThan(meanDifference(painted, picture));
  });

  it('reports how far it is, from 0 to 1 and never back', async () => {
    const fractions: number[] = [];
    await stylize(network, photo(200, 100), WHOLE, (fraction) => fractions.push(fraction));
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.length).toBeGreaterThan(2);
  });
});
