import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { readNetwork } from '../../src/graph/network-file.ts';
import { servingGraph } from '../../src/graph/networks/serving.ts';
import {
  FULL_WIDTH,
  HALF_WIDTH,
  publishedGraph,
  styleNetwork,
  styleParameters,
} from '../../src/graph/networks/style.ts';
import { servingUpscaler, upscaleNetwork } from '../../src/graph/networks/upscale.ts';
import { loadCatalogue } from '../../src/inference/catalogue.ts';
import { openSession } from '../../src/inference/session.ts';
import { initialWeights } from '../../src/training/initial-weights.ts';
import type { Figure } from './report.ts';
import { matrixProduct, noise, noisePicture, operationsOf, race, type Subject } from './subjects.ts';

const SIDES = [256, 512, 1024];
const SMALL_SIDES = [128, 256, 512];

/** The networks alone, against the product of two matrices of the same operation count, and against their published form. */
export async function benchNetworks(models: string, threads: number): Promise<Figure[]> {
  return [...(await styles(threads)), ...(await upscaler(models, threads))];
}

async function styles(threads: number): Promise<Figure[]> {
  const open = (model: Uint8Array) => openSession(model, { provider: 'cpu', threads });
  const product = await matrixProduct(threads);
  const figures: Figure[] = [];
  for (const side of SIDES) {
    const image = noisePicture(side);
    const subject = async (
      name: string,
      model: Uint8Array,
      shape = FULL_WIDTH,
    ): Promise<Subject & { operations: number }> => {
      const session = await open(model);
      const operations = operationsOf((input, weights) => styleNetwork(input, weights, shape), side);
      return { name, operations, run: async () => session.run({ image }), seconds: Number.POSITIVE_INFINITY };
    };
    // Speed does not depend on the values of weights.
    const [full, half] = [FULL_WIDTH, HALF_WIDTH].map((shape) => initialWeights(styleParameters(shape), 1));
    if (!full || !half) throw new TypeError('two shapes have two sets of weights');
    const wide = await subject(`full width, ${side}²`, servingGraph(full));
    const narrow = await subject(`half width, ${side}²`, servingGraph(half), HALF_WIDTH);
    const published = await subject(`half width as published, ${side}²`, publishedGraph(half), HALF_WIDTH);
    await race([product, wide, narrow, published]);
    figures.push(
      {
        name: `${wide.name}: against a matrix product`,
        value: against(wide, product),
        unit: 'ratio',
        most: 0.8,
      },
      {
        name: `${narrow.name}: against full width`,
        value: narrow.seconds / wide.seconds,
        unit: 'ratio',
        most: 0.4,
      },
      {
        name: `${narrow.name}: against its published form`,
        value: narrow.seconds / published.seconds,
        unit: 'ratio',
      },
      { name: `${narrow.name}: the network alone`, value: 1000 * narrow.seconds, unit: 'ms' },
    );
  }
  return figures;
}

async function upscaler(models: string, threads: number): Promise<Figure[]> {
  const catalogue = await loadCatalogue(models);
  const entry = catalogue.networks.find(({ name }) => name === 'x4');
  if (!entry) return [];
  const { model, shape } = servingUpscaler(readNetwork(await readFile(join(models, entry.file))));
  const session = await openSession(model, { provider: 'cpu', threads });
  const product = await matrixProduct(threads);
  const figures: Figure[] = [];
  sharp.concurrency(threads);
  for (const side of SMALL_SIDES) {
    const image = noisePicture(side);
    const raw = noise(3 * side * side).map((value) => 127.5 + 127.5 * value);
    const network = {
      name: `x4, ${side}²`,
      operations: operationsOf((input, weights) => upscaleNetwork(input, weights, shape), side),
      run: async () => session.run({ image }),
      seconds: Number.POSITIVE_INFINITY,
    };
    const lanczos: Subject = {
      name: 'Lanczos',
      run: () =>
        sharp(Uint8Array.from(raw), { raw: { width: side, height: side, channels: 3 } })
          .resize(4 * side, 4 * side, { kernel: 'lanczos3' })
          .raw()
          .toBuffer(),
      seconds: Number.POSITIVE_INFINITY,
    };
    await race([product, network, lanczos], side > 256 ? 3 : 5);
    figures.push(
      {
        name: `${network.name}: against a matrix product`,
        value: against(network, product),
        unit: 'ratio',
        most: 1.2,
      },
      { name: `${network.name}: against Lanczos`, value: network.seconds / lanczos.seconds, unit: 'ratio' },
    );
  }
  await session.release();
  return figures;
}

/** How many times as long as the product would take for as many operations. */
function against(
  subject: Subject & { readonly operations: number },
  product: Subject & { readonly operations: number },
): number {
  return subject.seconds / (subject.operations * (product.seconds / product.operations));
}
