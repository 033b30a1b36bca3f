import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { type NetworkFile, readNetwork } from '../graph/network-file.ts';
import { servingGraph } from '../graph/networks/serving.ts';
import { PAPER_SIZE, receptiveField, servingUpscaler } from '../graph/networks/upscale.ts';
import { type Catalogue, findStyle, findUpscaler, readPublished } from './catalogue.ts';
import type { CatalogueEntry, UpscaleEntry } from './catalogue-schema.ts';
import { openSession, type SessionOptions } from './session.ts';
import { createSlots, type KeepOptions, type Slots } from './slots.ts';
import type { UpscaleNetwork } from './tiles.ts';

/** A transform network, ready to run. */
export interface TransformNetwork {
  readonly name: string;
  /**
   * Run on one picture: [1, 3, height, width], RGB, 0–255, sides from 16. The painting has the same shape and is
   * neither clipped nor rounded.
   * @throws ImpastoError what loading throws (below); `network-failed` where the run itself fails
   */
  paint(planes: Float32Array, width: number, height: number): Promise<Float32Array>;
}

/** The catalogue's networks behind a bounded number of sessions. Their files are read when they first run. */
export interface Networks {
  /** What the network of a name does; undefined where there is none. */
  kindOf(name: string): CatalogueEntry['kind'] | undefined;
  /** A style's network by name. @throws UserError `style-unknown` */
  style(name: string): TransformNetwork;
  /** A super-resolution network by name; it throws what a style's does. @throws UserError `upscaler-unknown` */
  upscaler(name: string): UpscaleNetwork;
  /** Wait for what runs, then release every session. The last call. */
  close(): Promise<void>;
}

/** Which networks, where they run, and how many stay open. */
export interface NetworksOptions extends SessionOptions {
  readonly catalogue: Catalogue;
  readonly keep?: KeepOptions;
}

/**
 * Networks are loaded as published, emitted again as serving graphs and kept as open sessions under the published
 * file's hash. Emitting takes milliseconds and the emitter's version can't change while a process lives, so
 * memory is cache enough for graphs: a later process emits its own.
 *
 * Loading throws ImpastoError `network-missing`, `network-changed`, `network-damaged`, `provider-missing`; the next
 * run tries again.
 */
export function createNetworks(options: NetworksOptions): Networks {
  const { catalogue } = options;
  const slots = createSlots(options.keep);
  return {
    kindOf: (name) => catalogue.networks.find((entry) => entry.name === name)?.kind,
    style: (name) => {
      const entry = findStyle(catalogue, name);
      return {
        name,
        paint: (planes, width, height) =>
          run(slots, options, entry, { planes, width, height, factor: 1, output: 'painting' }),
      };
    },
    upscaler: (name) => {
      const entry = findUpscaler(catalogue, name);
      const { factor } = entry;
      return {
        factor,
        reach: reachOf(entry),
        matched: entry.recipe.matching === 'histogram',
        enlarge: (planes, width, height) =>
          run(slots, options, entry, { planes, width, height, factor, output: 'enlarged' }),
      };
    },
    close: () => slots.close(),
  };
}

/** How far the paper's network sees; smaller ones see less. */
function reachOf({ factor }: UpscaleEntry): number {
  return receptiveField({ ...PAPER_SIZE, factor });
}

/** One run of a network. */
interface Run {
  readonly planes: Float32Array;
  /** Of what goes in. */
  readonly width: number;
  readonly height: number;
  /** How many times longer the sides of what comes out are. */
  readonly factor: number;
  readonly output: string;
}

function run(
  slots: Slots,
  options: NetworksOptions,
  entry: CatalogueEntry,
  { planes, width, height, factor, output }: Run,
): Promise<Float32Array> {
  const image = new Tensor('float32', planes, [1, 3, height, width]);
  const dims = [1, 3, factor * height, factor * width];
  return slots.run(
    entry.sha256,
    factor ** 2 * width * height,
    () => load(options, entry),
    async (session) => {
      const results = await session.run({ image }).catch((cause: unknown) => {
        throw failed(entry.name, width, height, cause);
      });
      const made = results[output];
      if (!(made?.data instanceof Float32Array) || made.dims.join() !== dims.join())
        throw new TypeError(`${entry.name} has no output “${output}” of ${dims}`);
      return made.data;
    },
  );
}

async function load(options: NetworksOptions, entry: CatalogueEntry): Promise<InferenceSession> {
  const bytes = await readPublished(options.catalogue, entry);
  return openSession(emit(bytes, entry, join(options.catalogue.folder, entry.file)), options);
}

function emit(bytes: Uint8Array, entry: CatalogueEntry, file: string): Uint8Array {
  try {
    const published = readNetwork(bytes);
    return entry.kind === 'style' ? servingGraph(published.weights) : emitUpscaler(published, entry);
  } catch (cause) {
    throw new ImpastoError({
      code: 'network-damaged',
      userMessage: `The network ${file} is damaged. Fetch it again or restore it from the repository.`,
      report: true,
      data: { file },
      cause,
    });
  }
}

function emitUpscaler(published: NetworkFile, entry: UpscaleEntry): Uint8Array {
  const { model, shape } = servingUpscaler(published);
  if (shape.factor !== entry.factor || receptiveField(shape) > reachOf(entry))
    throw new RangeError(`expected a network of factor ${entry.factor} but received one of ${shape.factor}`);
  return model;
}

function failed(network: string, width: number, height: number, cause: unknown): ImpastoError {
  return new ImpastoError({
    code: 'network-failed',
    userMessage: `The network ${network} failed on a picture of ${width} × ${height} pixels. Try a smaller one.`,
    report: true,
    publicMessage: true,
    data: { network, width, height },
    cause,
  });
}
