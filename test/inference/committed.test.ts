import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadCatalogue, readPublished, stylesOf, upscalersOf } from '../../src/inference/catalogue.ts';
import { createNetworks } from '../../src/inference/network.ts';
import { openSession } from '../../src/inference/session.ts';
import { COMMITTED, seeded } from './support.ts';

const present = existsSync(join(COMMITTED, 'catalogue.json'));
if (!present) console.log('models/catalogue.json is missing: the committed networks are not tested');

/** Soft shapes of many scales, as photos have them; [1, 3, height, width], 0–255. */
function photoLike(width: number, height: number): Float32Array {
  const random = seeded(width + height);
  const waves = Array.from({ length: 24 }, () => {
    const [x, y, phase, channel] = [random(), random(), random(), random()];
    return { x: x / 2, y: y / 2, phase: 7 * phase, channel: Math.floor(3 * channel) };
  });
  return Float32Array.from({ length: 3 * width * height }, (_, at) => {
    const channel = Math.floor(at / (width * height));
    const row = Math.floor(at / width) % height;
    const column = at % width;
    const sum = waves
      .filter((wave) => wave.channel === channel)
      .reduce((total, { x, y, phase }) => total + Math.sin(x * column + y * row + phase), 0);
    return Math.min(255, Math.max(0, 128 + 40 * sum));
  });
}

describe.runIf(present)('every committed network', async () => {
  const catalogue = present ? await loadCatalogue(COMMITTED) : { folder: COMMITTED, networks: [] };

  it.each(stylesOf(catalogue))('$name is served within 1/255 of its published form', async (entry) => {
    const networks = createNetworks({ catalogue, provider: 'cpu', threads: 2 });
    const published = await openSession(await readPublished(catalogue, entry), {
      provider: 'cpu',
      threads: 2,
    });
    try {
      for (const [width = 0, height = 0] of [
        [256, 256],
        [16, 16],
        [33, 47],
        [130, 65],
        [201, 254],
      ]) {
        const image = photoLike(width, height);
        const served = await networks.style(entry.name).paint(image, width, height);
        const { painting } = await published.run({
          image: new Tensor('float32', image, [1, 3, height, width]),
        });
        let away = 0;
        let spread = 0;
        served.forEach((value, at) => {
          away = Math.max(away, Math.abs(value - Number(painting?.data[at])));
          spread = Math.max(spread, Math.abs(value - (image[at] ?? 0)));
        });
        expect(away, `${width} × ${height}`).toBeLessThan(1);
        expect(spread, 'it paints').toBeGreaterThan(50);
      }
    } finally {
      await published.release();
      await networks.close();
    }
  });

  it.each(upscalersOf(catalogue))('$name enlarges within 1/255 of its published form', async (entry) => {
    const networks = createNetworks({ catalogue, provider: 'cpu', threads: 2 });
    const published = await openSession(await readPublished(catalogue, entry), {
      provider: 'cpu',
      threads: 2,
    });
    try {
      for (const [width = 0, height = 0] of [
        [48, 40],
        [1, 7],
      ]) {
        const image = photoLike(width, height);
        const served = await networks.upscaler(entry.name).enlarge(image, width, height);
        const { enlarged } = await published.run({
          image: new Tensor('float32', image, [1, 3, height, width]),
        });
        expect(enlarged?.dims).toEqual([1, 3, entry.factor * height, entry.factor * width]);
        const away = served.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - Number(enlarged?.data[at]))),
          0,
        );
        expect(away, `${width} × ${height}`).toBeLessThan(1);
      }
    } finally {
      await published.release();
      await networks.close();
    }
  });
});
