import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedUpscaler, type UpscaleShape, upscaleParameters } from '../../src/graph/networks/upscale.ts';
import type { WeightValues } from '../../src/graph/networks/weights.ts';
import { entryOf, published, seeded, writeCatalogue } from './support.ts';

/** A super-resolution network that costs next to nothing to run. */
export const TINY_UPSCALER: UpscaleShape = {
  factor: 4,
  channels: 4,
  residualBlocks: 1,
  skip: 'bicubic',
  normalisation: 'none',
};

export function upscalerWeights(shape: UpscaleShape, seed: number): Map<string, WeightValues> {
  const random = seeded(seed);
  return new Map(
    upscaleParameters(shape).map(({ name, dims }) => {
      const count = dims.reduce((product, dim) => product * dim, 1);
      const centre = /\.(gain|variance)$/.test(name) ? 1 : 0;
      const spread = dims.length === 4 ? Math.sqrt(3 / (count / (dims[0] ?? 1))) : 0.2;
      return [
        name,
        { dims, data: Float32Array.from({ length: count }, () => centre + spread * (2 * random() - 1)) },
      ];
    }),
  );
}

export function publishedTiny(seed: number, shape: UpscaleShape = TINY_UPSCALER): Uint8Array {
  return publishedUpscaler(upscalerWeights(shape, seed), shape.skip);
}

/** An entry as it stands in `catalogue.json`; `changes` may make it wrong on purpose. */
export function upscalerEntry(
  name: string,
  bytes: Uint8Array,
  changes: object = {},
): Record<string, unknown> {
  return {
    name,
    kind: 'upscale',
    factor: 4,
    file: `upscale/${name}.onnx`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    preview: `upscale/${name}.jpg`,
    card: `upscale/${name}.md`,
    recipe: {},
    scores: {},
    ...changes,
  };
}

/** A new folder with a catalogue of one tiny style, `waves`, and tiny super-resolution networks `x4`, `x8` and `x4-pixel`. */
export async function mixedCatalogue(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-catalogue-'));
  await mkdir(join(folder, 'styles'));
  await mkdir(join(folder, 'upscale'));
  const style = published(1);
  await writeFile(join(folder, 'styles', 'waves.onnx'), style);
  const networks = [entryOf('waves', style)];
  for (const [index, [name, factor, changes]] of MIXED.entries()) {
    const bytes = publishedTiny(index + 1, { ...TINY_UPSCALER, factor });
    await writeFile(join(folder, 'upscale', `${name}.onnx`), bytes);
    networks.push(upscalerEntry(name, bytes, { factor, ...changes }));
  }
  await writeCatalogue(folder, { version: 1, networks });
  return folder;
}

const MIXED: [string, number, object][] = [
  ['x4', 4, { emoji: '🔍' }],
  ['x8', 8, { emoji: '🔬', provisional: true }],
  ['x4-pixel', 4, {}],
];
