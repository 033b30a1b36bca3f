import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Picture } from '../../src/images/picture.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks, type Networks } from '../../src/inference/network.ts';
import { enlarge, type UpscaleNetwork } from '../../src/inference/tiles.ts';
import { upscale } from '../../src/inference/upscale.ts';
import { seeded } from './support.ts';
import { mixedCatalogue } from './upscaler-support.ts';

let folder: string;
let networks: Networks;

beforeAll(async () => {
  folder = await mixedCatalogue();
  networks = createNetworks({ catalogue: await loadCatalogue(folder), provider: 'cpu', threads: 1 });
});

afterAll(async () => {
  await networks.close();
  await rm(folder, { recursive: true });
});

function noise(width: number, height: number, seed: number): Picture {
  const next = seeded(seed);
  return { width, height, rgb: Uint8Array.from({ length: 3 * width * height }, () => 256 * next()) };
}

function farthest(a: Picture, b: Picture): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.rgb.reduce((most, value, index) => Math.max(most, Math.abs(value - (b.rgb[index] ?? 0))), 0);
}

describe('tiles', () => {
  it('give what the whole picture gives in one run, at any size', async () => {
    const network = networks.upscaler('x4');
    const side = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(side, side, fc.integer({ min: 3, max: 40 }), async (width, height, tileSide) => {
        const picture = noise(width, height, width + height);
        const whole = await enlarge(network, picture, undefined, 1000);
        const tiled = await enlarge(network, picture, undefined, tileSide);
        expect(farthest(whole, tiled)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 12, seed: 8 },
    );
  });

  it('are told of one by one, and none is larger than asked for', async () => {
    const inner = networks.upscaler('x8');
    const sizes: number[] = [];
    const network: UpscaleNetwork = {
      ...inner,
      enlarge: (planes, width, height) => {
        sizes.push(width, height);
        return inner.enlarge(planes, width, height);
      },
    };
    const fractions: number[] = [];
    await enlarge(network, noise(50, 20, 1), (fraction) => fractions.push(fraction), 20);
    expect(fractions).toEqual([1 / 3, 2 / 3, 1]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20 + 2 * inner.reach);
  });
});

describe('upscale', () => {
  it('enlarges alpha too, and lets no colour through that nobody saw', async () => {
    const [width, height] = [24, 16];
    const alpha = Uint8Array.from({ length: width * height }, (_, place) => (place % width < 12 ? 255 : 0));
    const plain = (hidden: number): Picture => ({
      width,
      height,
      alpha,
      rgb: Uint8Array.from({ length: 3 * width * height }, (_, at) =>
        Math.floor(at / 3) % width < 12 ? 90 : hidden,
      ),
    });
    const network = networks.upscaler('x4');
    const black = await upscale(network, plain(0));
    const white = await upscale(network, plain(255));
    expect([black.width, black.height, black.alpha?.length]).toEqual([96, 64, 96 * 64]);
    expect(black.alpha?.[0]).toBe(255);
    expect(black.alpha?.at(-1)).toBe(0);
    for (let place = 0; place < 96 * 64; place++) {
      if ((black.alpha?.[place] ?? 0) === 0) continue;
      expect(black.rgb[3 * place]).toBe(white.rgb[3 * place]);
    }
  });

  it('is refused above the limit, with both sizes and what to do', async () => {
    await expect(upscale(networks.upscaler('x4'), noise(300, 200, 1), 0.5)).rejects.toMatchObject({
      name: 'UserError',
      code: 'upscale-too-large',
      userMessage: expect.stringMatching(/300 × 200 pixels.*1200 × 800.*at most 216 pixels/),
      data: {
        ...{ width: 1200, height: 800, pixels: 500_000 },
        ...{ factor: 4, sourceWidth: 300, sourceHeight: 200, side: 216 },
      },
    });
    const { width } = await upscale(networks.upscaler('x4'), noise(216, 144, 1), 0.5);
    expect(width).toBe(864);
  });

  it('knows the networks of both kinds by their names', () => {
    expect(networks.kindOf('x4-pixel')).toBe('upscale');
    expect(networks.kindOf('waves')).toBe('style');
    expect(networks.kindOf('cubism')).toBeUndefined();
    expect(() => networks.upscaler('waves')).toThrow(expect.objectContaining({ code: 'upscaler-unknown' }));
    expect(() => networks.style('x4')).toThrow(expect.objectContaining({ code: 'style-unknown' }));
  });
});
