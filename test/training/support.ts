import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import sharp from 'sharp';
import type { WeightValues } from '../../src/graph/networks/weights.ts';
import type { Picture } from '../../src/images/picture.ts';
import { toPlanes } from '../../src/inference/planes.ts';
import { openSession } from '../../src/inference/session.ts';
import type { LossLayer, LossNetworkWeights } from '../../src/training/features.ts';
import { foldPreprocessing } from '../../src/training/loss-network/preprocessing.ts';
import { randomSource } from '../../src/training/random.ts';
import { type StyleRecipe, styleRecipeSchema } from '../../src/training/recipe.ts';
import type { OpenSession } from '../../src/training/session-values.ts';
import type { TrainStyleOptions } from '../../src/training/train-style.ts';
import type { PhotoBatches } from '../../src/training/trainer.ts';
import { writeNpyFolder } from './loss-network-files.ts';

/** One thread: the order of float32 additions, and with it every bit of a result, is then always the same. */
export const open: OpenSession = (model) => openSession(model, { provider: 'cpu', threads: 1 });

/** VGG-16 to conv4_3 with a sixteenth of its channels; random weights that keep the size of what passes. */
export function tinyLayers(seed = 1, width = 4): LossLayer[] {
  const uniform = randomSource(seed);
  let inChannels = 3;
  return [2, 2, 3, 3].flatMap((count, block) =>
    Array.from({ length: count }, (_, place) => {
      const outChannels = width * 2 ** block;
      const bound = Math.sqrt(6 / (9 * inChannels));
      const weight = Float32Array.from(
        { length: outChannels * inChannels * 9 },
        () => (2 * uniform() - 1) * bound,
      );
      const bias = Float32Array.from({ length: outChannels }, () => 4 * uniform() - 2);
      const layer = { name: `conv${block + 1}_${place + 1}`, outChannels, inChannels, weight, bias };
      inChannels = outChannels;
      return layer;
    }),
  );
}

export function tinyLossNetwork(seed = 1): LossNetworkWeights {
  return foldPreprocessing({ layers: tinyLayers(seed), preprocessing: 'caffe' });
}

/** A recipe whose steps take milliseconds. The style's weight makes the terms of a tiny loss network alike in size. */
export function tinyRecipe(given: Partial<StyleRecipe> = {}): StyleRecipe {
  return styleRecipeSchema.parse({ ...TINY, ...given });
}

const TINY = {
  crop: 32,
  batch: 1,
  photoShortSide: 40,
  artworkShortSide: 32,
  iterations: 6,
  styleWeight: 0.1,
};

/** A picture of soft waves in colours of its own, with a little grain. */
export function waves(number: number, width = 48, height = 40): Picture {
  const uniform = randomSource(number);
  const [across, down, phase] = [0.05 + 0.3 * uniform(), 0.05 + 0.3 * uniform(), 6 * uniform()];
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at++) {
    const [channel, place] = [at % 3, Math.floor(at / 3)];
    const wave = Math.sin(across * (place % width) + down * Math.floor(place / width) + phase + 2 * channel);
    rgb[at] = 127 + 100 * wave + 20 * uniform();
  }
  return { width, height, rgb };
}

/** Photos without a folder, others at every step and the same for the same step: [batch, 3, crop, crop] out of `waves`. */
export function wavesOf({ batch, crop }: StyleRecipe): PhotoBatches {
  const size = 3 * crop * crop;
  return {
    batch: async (step) => {
      const pixels = new Float32Array(batch * size);
      for (let slot = 0; slot < batch; slot++)
        pixels.set(toPlanes(waves(100 * step + slot, crop, crop)), slot * size);
      return pixels;
    },
  };
}

export async function putPicture(file: string, { width, height, rgb }: Picture): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
}

/** Everything that a training from the command line is given, as files in a new folder. */
export interface TinyHouse {
  /** Holds all of it: to be removed after the test. */
  readonly root: string;
  /** Where trainings keep their things; not there yet. */
  readonly run: string;
  readonly photos: string;
  readonly artwork: string;
  readonly lossNetwork: string;
  readonly preview: string;
}

export async function tinyHouse(): Promise<TinyHouse> {
  const root = await mkdtemp(join(tmpdir(), 'impasto-training-'));
  const house = {
    root,
    run: join(root, 'run'),
    photos: join(root, 'photos'),
    artwork: join(root, 'artwork.png'),
    lossNetwork: join(root, 'loss-network'),
    preview: join(root, 'preview.png'),
  };
  for (let number = 0; number < 4; number++)
    await putPicture(join(house.photos, `photo-${number}.png`), waves(number));
  await putPicture(house.artwork, waves(11, 40, 36));
  await putPicture(house.preview, waves(12));
  await writeNpyFolder(
    house.lossNetwork,
    tinyLayers().map((layer) => ({ ...layer, dims: [layer.outChannels, layer.inChannels, 3, 3] })),
  );
  return house;
}

/** Options for `trainStyle` on a tiny house, and what it has said so far. */
export function trainingOf(
  house: TinyHouse,
  given: Partial<TrainStyleOptions> = {},
): { options: TrainStyleOptions; said: () => string } {
  const pipe = new PassThrough();
  let text = '';
  pipe.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  // The only members of a stream that are used where it is no terminal; there is no way to make a WriteStream whole.
  const stream = Object.assign(pipe, { isTTY: false, fd: 99 }) as unknown as NodeJS.WriteStream;
  const options: TrainStyleOptions = {
    name: 'waves',
    artwork: house.artwork,
    photos: house.photos,
    lossNetwork: house.lossNetwork,
    previewPhotos: [],
    folder: house.run,
    resume: false,
    recipe: TINY,
    checkpointSeconds: 3600,
    open,
    stream,
    signal: new AbortController().signal,
    ...given,
  };
  return { options, said: () => text };
}

/** The largest difference between two sets of weights, relative to the largest weight of each tensor. */
export function apart(a: ReadonlyMap<string, WeightValues>, b: ReadonlyMap<string, WeightValues>): number {
  if ([...a.keys()].join() !== [...b.keys()].join()) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [name, { data }] of a) {
    const other = b.get(name)?.data ?? new Float32Array(0);
    const size = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-12);
    data.forEach((value, index) => {
      most = Math.max(most, Math.abs(value - (other[index] ?? Number.NaN)) / size);
    });
  }
  return most;
}
