import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { nearest } from '../commands/near.ts';
import { readNetwork } from '../graph/network-file.ts';
import { servingUpscaler } from '../graph/networks/upscale.ts';
import { type Catalogue, findUpscaler, loadCatalogue } from '../inference/catalogue.ts';
import type { UpscaleEntry } from '../inference/catalogue-schema.ts';
import { createNetworks } from '../inference/network.ts';
import type { Provider } from '../inference/providers.ts';
import { type Enlarger, kernelEnlarger, networkEnlarger } from '../training/evaluate-upscale.ts';
import { recipeIn } from '../training/network-metadata.ts';
import { readOwn } from '../training/own-file.ts';

/** What a person can name in a network's place. */
const KERNELS = ['bicubic', 'lanczos'] as const;

/** What can be named, for a command's help. */
export const ENLARGERS = 'a super-resolution network of the catalogue or a file (.onnx); bicubic or lanczos';

/** What pictures are enlarged by, ready to run. */
export interface OpenEnlarger {
  readonly enlarger: Enlarger;
  /** Missing for a kernel. */
  readonly entry?: UpscaleEntry | undefined;
  /** False for a kernel, and for a file that stands in no catalogue. */
  readonly listed: boolean;
  close(): Promise<void>;
}

/**
 * A network of the catalogue, a file (.onnx) or a kernel, by what a person called it. It is run once: the first run
 * allocates, so it is not to be timed.
 *
 * @param options.factor for the kernels; a network has its own
 * @throws UserError `upscaler-unknown`, `file-unreadable`
 */
export async function openEnlarger(
  name: string,
  options: {
    readonly models: string;
    readonly factor: number;
    readonly threads: number;
    readonly provider: Provider;
  },
): Promise<OpenEnlarger> {
  const opened = await open(name, options);
  await opened.enlarger.enlarge({ width: 16, height: 16, rgb: new Uint8Array(3 * 256) });
  return opened;
}

async function open(name: string, options: Parameters<typeof openEnlarger>[1]): Promise<OpenEnlarger> {
  const kernel = KERNELS.find((known) => known === name);
  if (kernel) {
    return { enlarger: kernelEnlarger(kernel, options.factor), listed: false, close: async () => undefined };
  }
  const file = name.endsWith('.onnx');
  const catalogue = file ? await catalogueOf(name) : await loadCatalogue(options.models);
  const entry = findUpscaler(catalogue, basename(name, '.onnx'), nearest);
  const networks = createNetworks({ catalogue, ...options });
  const enlarger = networkEnlarger(entry.name, networks.upscaler(entry.name));
  return { enlarger, entry, listed: !file, close: () => networks.close() };
}

/** A catalogue of one network, which stands in none: while it is trained, for one. */
async function catalogueOf(file: string): Promise<Catalogue> {
  const bytes = await readOwn(file, 'network');
  const published = readNetwork(bytes);
  const { shape } = servingUpscaler(published);
  const entry = {
    kind: 'upscale' as const,
    name: basename(file, '.onnx'),
    factor: shape.factor,
    file: basename(file),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    preview: '',
    card: '',
    recipe: recipeIn(published.metadata),
    scores: {},
  };
  return { folder: dirname(file), networks: [entry] };
}
