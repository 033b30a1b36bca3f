import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedGraph, type StyleShape, styleParameters } from '../../src/graph/networks/style.ts';
import type { WeightValues } from '../../src/graph/networks/weights.ts';

/** The folder of the networks that the repository holds. */
export const COMMITTED: string = fileURLToPath(new URL('../../models', import.meta.url));

/** A transform network that costs next to nothing to run. */
export const TINY: StyleShape = { widths: [4, 4, 8], residualBlocks: 1 };

/** Uniform numbers in [0, 1), the same for the same seed (xorshift). */
export function seeded(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

export function randomWeights(shape: StyleShape, seed: number): Map<string, WeightValues> {
  const random = seeded(seed);
  return new Map(
    styleParameters(shape).map(({ name, dims }) => {
      const count = dims.reduce((product, dim) => product * dim, 1);
      const centre = name.endsWith('.gain') ? 1 : 0;
      const spread = dims.length === 4 ? Math.sqrt(3 / (count / (dims[0] ?? 1))) : 0.2;
      const data = Float32Array.from({ length: count }, () => centre + spread * (2 * random() - 1));
      return [name, { dims, data }];
    }),
  );
}

export function published(seed: number, shape: StyleShape = TINY): Uint8Array {
  return publishedGraph(randomWeights(shape, seed), { licence: 'test' });
}

/** An entry as it stands in `catalogue.json`; `changes` may make it wrong on purpose. */
export function entryOf(name: string, bytes: Uint8Array, changes: object = {}): Record<string, unknown> {
  return {
    name,
    kind: 'style',
    file: `styles/${name}.onnx`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    emoji: `:${name.slice(0, 14)}:`,
    artwork: { title: 'The Starry Night', artist: 'Vincent van Gogh', year: 1889, credit: 'public domain' },
    preview: `styles/${name}.jpg`,
    card: `styles/${name}.md`,
    recipe: { width: 'half', layers: ['relu1_2'] },
    scores: {},
    ...changes,
  };
}

/** A new folder with a catalogue of tiny networks under the given names. */
export async function catalogueFolder(...names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-catalogue-'));
  await mkdir(join(folder, 'styles'));
  const networks = await Promise.all(
    names.map(async (name, index) => {
      const bytes = published(index + 1);
      await writeFile(join(folder, 'styles', `${name}.onnx`), bytes);
      return entryOf(name, bytes);
    }),
  );
  await writeCatalogue(folder, { version: 1, networks });
  return folder;
}

export async function writeCatalogue(folder: string, content: unknown): Promise<void> {
  await writeFile(join(folder, 'catalogue.json'), JSON.stringify(content));
}
