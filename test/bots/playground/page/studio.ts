import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { StyleInfo } from '../../../../src/commands/style-info.ts';
import type { Artefacts, InferenceHandler } from '../../../../src/queue/contract.ts';
import { aGate, anOpenGate, through } from '../../../queue/house.ts';
import { startTestRedis } from '../../../queue/support.ts';
import { openPlayground, paintNegative } from '../support.ts';

const styles: readonly StyleInfo[] = [
  {
    name: 'starry-night',
    emoji: '🌌',
    artwork: { title: 'The Starry Night', artist: 'Vincent van Gogh', year: 1889 },
    preview: 'starry-night.png',
  },
  {
    name: 'great-wave',
    emoji: '🌊',
    artwork: { title: 'The Great Wave off Kanagawa', artist: 'Hokusai', year: 1831 },
  },
];

/** Stands for a worker: "paints" a picture's negative, when the test lets it. */
export interface Painter {
  /** From now on, report 40 % and go no further until `release`. */
  hold(): void;
  release(): void;
  /** Thrown in place of the next painting. */
  fault: Error | undefined;
}

/** The whole playground, as people meet it: page, server, queue and Redis, all real but for the painter. */
export interface Studio {
  readonly url: string;
  readonly painter: Painter;
  /** Stop listening, as a restart of the server does; `restart` comes back under the same address. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openStudio(): Promise<Studio> {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-page-'));
  const [redis] = await Promise.all([startTestRedis(), buildPage(folder), drawPictures(folder)]);
  const samples = ['harbour', 'meadow'].map((name) => ({
    name,
    title: `The ${name}`,
    file: join(folder, `${name}.png`),
  }));
  const house = await openPlayground(redis, { styles, previews: folder, assetsFolder: folder, samples });
  const { painter, paint } = createPainter(house.artefacts);
  house.work(paint);
  const { url } = house.playground;
  let served = house.playground;

  return {
    url,
    painter,
    stop: () => served.close(),
    restart: async () => {
      served = await house.another({ port: Number(new URL(url).port) });
    },
    close: async () => {
      await house.close();
      await redis.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A photo of noise, so that no two are the same to the queue. */
export async function aPhoto(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
    .png()
    .toBuffer();
}

function createPainter(artefacts: Artefacts): { painter: Painter; paint: InferenceHandler } {
  let gate = anOpenGate();
  const painter: Painter = {
    hold: () => {
      gate = aGate();
    },
    release: () => {
      gate.open();
      gate = anOpenGate();
    },
    fault: undefined,
  };
  const paint: InferenceHandler = async ({ source }, { signal, report }) => {
    report(0.4);
    await through(gate, signal);
    const { fault } = painter;
    painter.fault = undefined;
    if (fault !== undefined) throw fault;
    return paintNegative(source, artefacts);
  };
  return { painter, paint };
}

async function buildPage(folder: string): Promise<void> {
  const page = resolve('src/bots/playground/page');
  const compiler = resolve('node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', page, '--outDir', folder]);
  const still = (await readdir(page)).filter((name) => /\.(html|css|svg)$/.test(name));
  await Promise.all(still.map((name) => copyFile(join(page, name), join(folder, name))));
}

async function drawPictures(folder: string): Promise<void> {
  await writeFile(join(folder, 'harbour.png'), await aPhoto(320, 200));
  await writeFile(join(folder, 'meadow.png'), await aPhoto(200, 320));
  await writeFile(join(folder, 'starry-night.png'), await aPhoto(64, 64));
}
