import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Picture } from '../../src/images/picture.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks, type Networks, type TransformNetwork } from '../../src/inference/network.ts';
import { paintTiles, statisticsOf } from '../../src/inference/paint-tiles.ts';
import { paintWhole } from '../../src/inference/paint-whole.ts';
import { tilesOf } from '../../src/inference/tile-grid.ts';
import { catalogueFolder, seeded } from './support.ts';

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

function noise(width: number, height: number, seed: number): Picture {
  const random = seeded(seed);
  return { width, height, rgb: Uint8Array.from({ length: 3 * width * height }, () => 255 * random()) };
}

describe('painting by tiles', () => {
  it('is the painting of the whole in one run, over random sizes and grids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 220 }),
        fc.integer({ min: 1, max: 220 }),
        fc.integer({ min: 24, max: 150 }),
        fc.nat(1000),
        async (width, height, tileSide, seed) => {
          const picture = noise(width, height, seed);
          const statistics = await statisticsOf(network, picture);
          const whole = await paintWhole(network, picture);
          const tiled = await paintTiles(network, statistics, picture, undefined, undefined, tileSide);
          const away = tiled.rgb.reduce(
            (most, value, at) => Math.max(most, Math.abs(value - (whole.rgb[at] ?? 0))),
            0,
          );
          expect(away).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 25, seed: 11 },
    );
  });

  it('does not change a pixel that is farther from a change than the network reaches', async () => {
    const picture = noise(260, 200, 3);
    const changed = { ...picture, rgb: Uint8Array.from(picture.rgb) };
    const [column, row] = [40, 60];
    changed.rgb.fill(0, 3 * (row * 260 + column), 3 * (row * 260 + column) + 3);
    const statistics = await statisticsOf(network, picture);
    const [one, other] = await Promise.all(
      [picture, changed].map((each) => paintTiles(network, statistics, each)),
    );
    let nearest = 0;
    one?.rgb.forEach((value, at) => {
      if (value === other?.rgb[at]) return;
      const place = Math.floor(at / 3);
      nearest = Math.max(nearest, Math.abs((place % 260) - column), Math.abs(Math.floor(place / 260) - row));
    });
    expect(nearest).toBeGreaterThan(0);
    expect(nearest).toBeLessThanOrEqual(network.reach);
  });

  it('tells how far it is after each tile', async () => {
    const picture = noise(90, 50, 1);
    const told: number[] = [];
    await paintTiles(
      network,
      await statisticsOf(network, picture),
      picture,
      undefined,
      (done) => told.push(done),
      48,
    );
    expect(told).toEqual([0.25, 0.5, 0.75, 1]);
  });
});

describe('a grid of tiles', () => {
  it('covers the picture once, begins on the grid, and has no part much longer than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 4, max: 120 }),
        fc.constantFrom(1, 4),
        (width, height, most, grid) => {
          const seen = new Uint8Array(width * height);
          for (const tile of tilesOf({ width, height }, most, grid)) {
            expect(tile.left % grid).toBe(0);
            expect(tile.top % grid).toBe(0);
            expect(Math.max(tile.width, tile.height)).toBeLessThan(most + grid);
            for (let y = tile.top; y < tile.top + tile.height; y++)
              for (let x = tile.left; x < tile.left + tile.width; x++)
                seen[y * width + x] = (seen[y * width + x] ?? 0) + 1;
          }
          expect(seen.every((times) => times === 1)).toBe(true);
        },
      ),
      { numRuns: 100, seed: 2 },
    );
  });
});
