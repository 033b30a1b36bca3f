import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import { FULL_WIDTH, reachOf } from '../graph/networks/style.ts';
import { PAPER_SIZE, receptiveField } from '../graph/networks/upscale.ts';
import { type Catalogue, findStyle, findUpscaler, readPublished } from './catalogue.ts';
import type { CatalogueEntry, StyleEntry, UpscaleEntry } from './catalogue-schema.ts';
import { emit, type Form } from './emit.ts';
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
  /** Pixels to either side that a pixel painted by held statistics depends on. */
  readonly reach: number;
  /** What the network's normalisations take out of a picture that is given as to `paint`. */
  statistics(planes: Float32Array, width: number, height: number): Promise<Statistics>;
  /** `paint` by the statistics of another picture, such as the whole of which this one is a part. */
  paintHeld(
    planes: Float32Array,
    width: number,
    height: number,
    statistics: Statistics,
  ): Promise<Float32Array>;
}

/** Means, then variances, of the channels that a style's network normalises, in the order in which it does. */
export type Statistics = Float32Array;

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
  const run: RunForm = (entry, form, input) => runForm(slots, options, entry, form, input);
  return {
    kindOf: (name) => catalogue.networks.find((entry) => entry.name === name)?.kind,
    style: (name) => styleOf(findStyle(catalogue, name), run),
    upscaler: (name) => upscalerOf(findUpscaler(catalogue, name), run),
    close: () => slots.close(),
  };
}

/**
 * Read all of a catalogue's networks once, so that a wrong file is found before anybody asks for it.
 * @throws ImpastoError `network-missing`, `network-changed`, `network-damaged`, all naming the file
 */
export async function checkNetworks(catalogue: Catalogue): Promise<void> {
  for (const entry of catalogue.networks) {
    emit(await readPublished(catalogue, entry), entry, 'whole', catalogue.folder);
  }
}

/** How far the paper's network sees; smaller ones see less. */
const STYLE_REACH = reachOf(FULL_WIDTH);

function styleOf(entry: StyleEntry, run: RunForm): TransformNetwork {
  const painted = (width: number, height: number): Output => ({
    name: 'painting',
    dims: [1, 3, height, width],
    pixels: width * height,
  });
  return {
    name: entry.name,
    reach: STYLE_REACH,
    paint: (planes, width, height) =>
      run(entry, 'whole', { planes, width, height, output: painted(width, height) }),
    statistics: (planes, width, height) =>
      run(entry, 'statistics', {
        planes,
        width,
        height,
        output: { name: 'statistics', pixels: width * height },
      }),
    paintHeld: (planes, width, height, statistics) =>
      run(entry, 'held', { planes, width, height, statistics, output: painted(width, height) }),
  };
}

function upscalerOf(entry: UpscaleEntry, run: RunForm): UpscaleNetwork {
  const { factor } = entry;
  return {
    factor,
    reach: receptiveField({ ...PAPER_SIZE, factor }),
    matched: entry.recipe.matching === 'histogram',
    enlarge: (planes, width, height) =>
      run(entry, 'whole', {
        planes,
        width,
        height,
        output: {
          name: 'enlarged',
          dims: [1, 3, factor * height, factor * width],
          pixels: factor ** 2 * width * height,
        },
      }),
  };
}

/** What a run is to give. */
interface Output {
  readonly name: string;
  /** Left out where only the network knows them. */
  readonly dims?: readonly number[];
  /** Of the picture that is made on the way. */
  readonly pixels: number;
}

/** What a run is given: [1, 3, height, width], RGB, 0–255. */
interface Input {
  readonly planes: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly statistics?: Statistics;
  readonly output: Output;
}

type RunForm = (entry: CatalogueEntry, form: Form, input: Input) => Promise<Float32Array>;

function runForm(
  slots: Slots,
  options: NetworksOptions,
  entry: CatalogueEntry,
  form: Form,
  { planes, width, height, statistics, output }: Input,
): Promise<Float32Array> {
  const feeds = {
    image: new Tensor('float32', planes, [1, 3, height, width]),
    ...(statistics ? { statistics: new Tensor('float32', statistics, [2, statistics.length / 2]) } : {}),
  };
  return slots.run(
    `${entry.sha256} ${form}`,
    output.pixels,
    () => load(options, entry, form),
    async (session) => {
      const results = await session.run(feeds).catch((cause: unknown) => {
        throw failed(entry.name, width, height, cause);
      });
      const made = results[output.name];
      if (!(made?.data instanceof Float32Array) || (output.dims && made.dims.join() !== output.dims.join()))
        throw new TypeError(`${entry.name} has no output “${output.name}” of ${output.dims}`);
      return made.data;
    },
  );
}

async function load(options: NetworksOptions, entry: CatalogueEntry, form: Form): Promise<InferenceSession> {
  const bytes = await readPublished(options.catalogue, entry);
  return openSession(emit(bytes, entry, form, options.catalogue.folder), options);
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
