import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProgram } from '../cli/program.ts';
import { family } from '../e2e/proc.ts';
import { temporaryFolder } from '../queue/support.ts';
import { openLine } from './line.ts';
import { photo } from './pictures.ts';
import type { Figure } from './report.ts';

const GIB_MB = 2048;
const POSTER = 10_000;

/** The most memory that a picture of 100 megapixels takes, children included. */
export async function benchPosters(models: string): Promise<Figure[]> {
  return [
    await peak(models, 'a painting of 100 megapixels in full detail', POSTER, [
      'stylize',
      'starry-night',
      '--detail',
      'full',
    ]),
    await peak(models, 'an enlargement to 100 megapixels', POSTER / 4, ['upscale', 'x4']),
  ];
}

async function peak(models: string, name: string, side: number, args: readonly string[]): Promise<Figure> {
  const folder = temporaryFolder();
  const program = createProgram(() => ({
    HOME: folder,
    IMPASTO_STATE: folder,
    IMPASTO_MODELS: models,
    PICTURE_MEGAPIXELS: '100',
    PICTURE_MEGABYTES: '200',
    UPSCALE_MEGAPIXELS: '100',
    JOB_SECONDS: '3600',
  }));
  try {
    const [source, made] = [join(folder, 'in.jpg'), join(folder, 'out.jpg')];
    await writeFile(source, await photo(side, side));
    const [command = '', style = '', ...rest] = args;
    const part = program.run([command, style, source, '-o', made, ...rest]);
    const peaks = new Map<number, number>();
    const look = setInterval(() => {
      for (const { pid, peakBytes } of family(part.pid))
        peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakBytes));
    }, 200);
    const code = await part.ended();
    clearInterval(look);
    if (code !== 0) throw new Error(part.said());
    const bytes = [...peaks.values()].reduce((sum, own) => sum + own, 0);
    return { name: `${name}: peak memory`, value: bytes / 1024 ** 2, unit: 'MB', most: GIB_MB };
  } finally {
    await program.endAll();
    await rm(folder, { recursive: true });
  }
}

const JOBS = 1_000;
const FIRST = 100;

/** Whether a worker that paints on and on keeps what it takes. */
export async function benchLongLife(models: string, jobs: number = JOBS): Promise<Figure[]> {
  const line = await openLine(models, 1);
  const seen: number[] = [];
  try {
    for (let nth = 0; nth < jobs; nth++) {
      const [width, height] = [side(nth), side(nth + 7)];
      await line.ask(await photo(width, height, nth));
      seen.push(line.residentBytes() / 1024 ** 2);
    }
  } finally {
    await line.close();
  }
  const most = (part: readonly number[]): number => Math.max(...part);
  const [first, last] = [most(seen.slice(0, FIRST)), most(seen.slice(-FIRST))];
  return [
    { name: `a worker’s memory within its first ${FIRST} pictures`, value: first, unit: 'MB' },
    { name: `a worker’s memory within its last ${FIRST} of ${jobs}`, value: last, unit: 'MB' },
    { name: 'memory in the end against the beginning', value: last / first, unit: 'ratio', most: 1.1 },
  ];
}

/** Sides from 64 to 640, spread without a pattern (steps of the golden ratio). */
function side(nth: number): number {
  return Math.round(64 + 576 * ((nth * 0.618033988749895) % 1));
}
