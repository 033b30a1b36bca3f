import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import type { Precision } from '../graph/half.ts';
import { type Catalogue, readPublished } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-schema.ts';
import { emit, type Form } from './emit.ts';
import { openSession, type SessionOptions } from './session.ts';
import type { Slots } from './slots.ts';

/** What a run is to give. */
export interface Output {
  readonly name: string;
  /** Left out where only the network knows them. */
  readonly dims?: readonly number[];
  /** Of the picture that is made on the way. */
  readonly pixels: number;
}

/** What a run is given: [1, 3, height, width], RGB, 0–255. */
export interface Input {
  readonly planes: Float32Array;
  readonly width: number;
  readonly height: number;
  /** [2, C], row by row. */
  readonly statistics?: Float32Array;
  readonly output: Output;
}

/** Runs a network of the catalogue in one of its forms. */
export type RunForm = (entry: CatalogueEntry, form: Form, input: Input) => Promise<Float32Array>;

/** Which networks, where they run, and in what numbers. */
export interface RunOptions extends SessionOptions {
  readonly catalogue: Catalogue;
  /** `float32` unless told; half precision only where it was tried before. */
  readonly precision?: Precision;
}

/**
 * Runs on sessions that are opened when they are first needed, and kept. What comes out of half precision as no numbers is
 * run again in float32, and that network from then on.
 */
export function createRunForm(slots: Slots, options: RunOptions): RunForm {
  const overflowed = new Set<string>();
  return async (entry, form, input) => {
    const key = `${entry.sha256} ${form}`;
    if (options.precision === 'float16' && !overflowed.has(key)) {
      const made = await run(slots, options, entry, form, input, 'float16');
      if (made.every(Number.isFinite)) return made;
      overflowed.add(key);
    }
    return run(slots, options, entry, form, input, 'float32');
  };
}

function run(
  slots: Slots,
  options: RunOptions,
  entry: CatalogueEntry,
  form: Form,
  { planes, width, height, statistics, output }: Input,
  precision: Precision,
): Promise<Float32Array> {
  const feeds = {
    image: new Tensor('float32', planes, [1, 3, height, width]),
    ...(statistics ? { statistics: new Tensor('float32', statistics, [2, statistics.length / 2]) } : {}),
  };
  return slots.run(
    `${entry.sha256} ${form} ${precision}`,
    output.pixels,
    () => load(options, entry, form, precision),
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

async function load(
  { catalogue, ...options }: RunOptions,
  entry: CatalogueEntry,
  form: Form,
  precision: Precision,
): Promise<InferenceSession> {
  const bytes = await readPublished(catalogue, entry);
  const emitted = (numbers: Precision): Uint8Array => emit(bytes, entry, form, catalogue.folder, numbers);
  if (precision === 'float16') {
    const { provider, threads } = options;
    try {
      return await openSession(emitted('float16'), { provider, threads });
    } catch (error) {
      // The card is gone. On the cpu half precision would only be slower.
      if (!options.onFallback || !(error instanceof ImpastoError && error.code === 'provider-missing'))
        throw error;
    }
  }
  return openSession(emitted('float32'), options);
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
