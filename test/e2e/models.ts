import { cp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { publishedUpscaler, type UpscaleShape, upscaleParameters } from '../../src/graph/networks/upscale.ts';
import { loadCatalogue, servedUpscalers } from '../../src/inference/catalogue.ts';
import { initialWeights } from '../../src/training/initial-weights.ts';
import { entryOf, writeCatalogue } from '../inference/support.ts';

/** Costs next to nothing to run; it adds a little to the picture enlarged by the cubic kernel. */
const SMALL: UpscaleShape = {
  factor: 4,
  channels: 4,
  residualBlocks: 1,
  skip: 'bicubic',
  normalisation: 'none',
};

/**
 * Copy the committed networks to `folder`, with one factor to enlarge by, so that nobody has to choose one. Where none
 * of them enlarges four times, one with random weights that does is put beside them: what people see of it is the same.
 */
export async function copyModels(folder: string): Promise<void> {
  const committed = resolve('models');
  await cp(committed, folder, { recursive: true });
  const { networks: all } = await loadCatalogue(committed);
  const networks = all.filter((entry) => entry.kind === 'style' || entry.factor === SMALL.factor);
  if (servedUpscalers({ networks }).length > 0) return await writeCatalogue(folder, { version: 1, networks });
  const bytes = publishedUpscaler(smallUpscaler(), SMALL.skip, { licence: 'test' });
  const { emoji: _, artwork: __, ...entry } = entryOf('x4', bytes);
  await writeFile(join(folder, 'styles', 'x4.onnx'), bytes);
  const x4 = { ...entry, kind: 'upscale', factor: SMALL.factor, emoji: '🔍' };
  await writeCatalogue(folder, { version: 1, networks: [...networks, x4] });
}

function smallUpscaler(): ReturnType<typeof initialWeights> {
  const weights = initialWeights(upscaleParameters(SMALL), 1);
  const last = weights.get('out.weight');
  // Random details are to be seen, and the picture too.
  if (last !== undefined) weights.set('out.weight', { ...last, data: last.data.map((value) => value / 50) });
  return weights;
}
