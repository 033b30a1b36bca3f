import sharp from 'sharp';
import { decode } from '../../src/images/decode.ts';
import { encode } from '../../src/images/encode.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { createNetworks, type Networks, type TransformNetwork } from '../../src/inference/network.ts';
import { paintBytes } from '../../src/inference/paint-bytes.ts';
import { stylize } from '../../src/inference/stylize.ts';
import { photo } from './pictures.ts';
import type { Figure } from './report.ts';

const SIDES = [256, 512, 1024, 2048];
const ROUNDS = 7;
const SMALL_SIDES = [128, 256, 512];
const SMALL_ROUNDS = 3;

/** A picture's whole way but for the queue, JPEG to JPEG, and what of it is the network. */
export async function benchJob(models: string, threads: number): Promise<Figure[]> {
  sharp.concurrency(threads);
  sharp.cache(false);
  const networks = createNetworks({ catalogue: await loadCatalogue(models), provider: 'cpu', threads });
  const figures: Figure[] = [];
  for (const side of SIDES) {
    const bytes = await photo(side, side);
    const best = { whole: Number.POSITIVE_INFINITY, decode: 0, network: 0, paint: 0, encode: 0, once: 0 };
    for (let round = 0; round <= ROUNDS; round++) {
      const watch = stopwatch();
      const network = watch.watched(networks.style('starry-night'));
      const picture = await watch.lap('decode', () => decode(bytes));
      const options = { strength: 1, keepColors: false, detail: 'working' } as const;
      const painting = await watch.lap('paint', () => stylize(network, picture, options));
      await watch.lap('encode', () => encode(painting, { format: 'jpeg' }));
      const { decode: opened = 0, paint = 0, encode: closed = 0, network: ran = 0 } = watch.seconds;
      const whole = opened + paint + closed;
      if (round > 0 && whole < best.whole)
        Object.assign(best, { whole, decode: opened, paint: paint - ran, encode: closed, network: ran });
      if (side <= 1024) {
        const planes = new Float32Array(3 * side * side).fill(127);
        const alone = stopwatch();
        await alone.lap('once', () => networks.style('starry-night').paint(planes, side, side));
        const { once = 0 } = alone.seconds;
        if (round > 0) best.once = best.once === 0 ? once : Math.min(best.once, once);
      }
    }
    const rest = (best.whole - best.network) / best.whole;
    figures.push(
      { name: `job of ${side}²`, value: 1000 * best.whole, unit: 'ms' },
      { name: `job of ${side}²: decode`, value: 1000 * best.decode, unit: 'ms' },
      { name: `job of ${side}²: runs of the network`, value: 1000 * best.network, unit: 'ms' },
      { name: `job of ${side}²: resample, mirror, planes`, value: 1000 * best.paint, unit: 'ms' },
      { name: `job of ${side}²: encode`, value: 1000 * best.encode, unit: 'ms' },
      {
        name: `job of ${side}²: against its runs of the network`,
        value: best.whole / best.network,
        unit: 'ratio',
      },
      {
        name: `job of ${side}²: share of what is not the network`,
        value: rest,
        unit: 'ratio',
        ...(side === 1024 ? { most: 0.15 } : {}),
      },
    );
    if (best.once > 0)
      figures.push({
        name: `job of ${side}²: against one run of the network at that size`,
        value: best.whole / best.once,
        unit: 'ratio',
        ...(side === 256 ? { most: 1.4 } : {}),
      });
  }
  figures.push(...(await enlargements(networks)));
  await networks.close();
  return figures;
}

/** The whole way of a small picture to one of 4 times its sides, JPEG to JPEG. */
async function enlargements(networks: Networks): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const side of SMALL_SIDES) {
    const bytes = await photo(side, side);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < SMALL_ROUNDS; round++) {
      const watch = stopwatch();
      await watch.lap('job', () => paintBytes(networks, bytes, { upscaler: 'x4', megapixels: 16 }));
      best = Math.min(best, watch.seconds.job ?? best);
    }
    figures.push({ name: `enlargement of ${side}² by x4`, value: 1000 * best, unit: 'ms' });
  }
  return figures;
}

/** Sums of seconds by name; `network` is what ran inside of others. */
function stopwatch(): {
  readonly seconds: Record<string, number>;
  lap<T>(name: string, work: () => Promise<T>): Promise<T>;
  watched(network: TransformNetwork): TransformNetwork;
} {
  const seconds: Record<string, number> = {};
  const lap = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const value = await work();
    seconds[name] = (seconds[name] ?? 0) + (performance.now() - began) / 1000;
    return value;
  };
  return {
    seconds,
    lap,
    watched: (network) => ({ ...network, paint: (...all) => lap('network', () => network.paint(...all)) }),
  };
}
