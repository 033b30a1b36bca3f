import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openLine } from './line.ts';
import { photo } from './pictures.ts';
import type { Figure } from './report.ts';

const WORKERS = [1, 2, 4];
const JOBS = 40;
const QUEUE_JOBS = 40;
const WARM_UP = 6;

/** What the queue, intake and delivery add on an idle machine, and how many pictures go through with more workers. */
export async function benchLine(models: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const perMinute = new Map<number, number>();
  for (const workers of WORKERS) {
    const line = await openLine(models, workers);
    try {
      const pictures = await Promise.all(
        Array.from({ length: JOBS + QUEUE_JOBS }, (_, nth) => photo(256, 256, nth + 1)),
      );
      for (const bytes of pictures.slice(0, WARM_UP))
        await line.ask(await photo(255, 255, bytes.length % 50));
      if (workers === 1) {
        const rides = [];
        for (const bytes of pictures.slice(JOBS)) rides.push(await line.ask(bytes));
        const beside = rides
          .map(({ seconds, inference }) => 1000 * (seconds - inference))
          .sort((a, b) => a - b);
        const p50 = beside[Math.floor(beside.length / 2)] ?? Number.NaN;
        figures.push({ name: 'queue, intake and delivery together, p50', value: p50, unit: 'ms', most: 40 });
      }
      const began = performance.now();
      await Promise.all(pictures.slice(0, JOBS).map((bytes) => line.ask(bytes)));
      perMinute.set(workers, (60 * JOBS) / ((performance.now() - began) / 1000));
    } finally {
      await line.close();
    }
    figures.push({
      name: `pictures of 256² by ${workers} workers of one thread`,
      value: perMinute.get(workers) ?? 0,
      unit: 'per minute',
    });
  }
  const products = (await productsPerSecond(2)) / (await productsPerSecond(1));
  const pictures = (perMinute.get(2) ?? 0) / (perMinute.get(1) ?? 1);
  figures.push(
    { name: 'two workers gain over one', value: pictures, unit: 'ratio' },
    { name: 'two processes of matrix products gain over one', value: products, unit: 'ratio' },
    {
      name: 'gain of two workers against that of matrix products',
      value: pictures / products,
      unit: 'ratio',
      least: 0.9,
    },
  );
  return figures;
}

const SECONDS = 8;

/** Of so many processes of one thread together. */
async function productsPerSecond(processes: number): Promise<number> {
  const file = fileURLToPath(new URL('./products.ts', import.meta.url));
  const counts = await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', file, String(SECONDS)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await once(child, 'close');
      return Number(said);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
