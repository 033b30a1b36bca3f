import { Worker } from 'node:worker_threads';
// On glibc a library must stay loaded in the main thread for as long as worker threads use it.
import 'sharp';
import { ImpastoError, UserError } from '../../errors.ts';
import type { CropsCut, FromReader, PairsCut, ReaderSetup, ToReader } from './messages.ts';
import type { PhotoSource } from './source.ts';

/** What a step is given, and how far ahead of it to read. */
export interface PhotoBatchesOptions {
  readonly seed: number;
  /** Crops per step. */
  readonly batch: number;
  /** What is cut out of the photos. */
  readonly cut: CropsCut | PairsCut;
  /** Mirror half of the crops; turn half of the pairs too. */
  readonly flips: boolean;
  /** Batches to make before they are asked for; 3 if left out. */
  readonly readAhead?: number;
  /** Bytes of decoded photos to keep, 512 MiB if left out: 1,300 photos of 256 × 341 take 320 MiB. */
  readonly cacheBytes?: number;
  /** Hears once of every photo that cannot be read and is passed over; `file` is the path below the folder. */
  readonly onDamaged?: (file: string, reason: string) => void;
}

type Outcome = { readonly pixels: Float32Array } | { readonly error: ImpastoError };

interface Pending {
  readonly outcome: Promise<Outcome>;
  settle(outcome: Outcome): void;
}

/**
 * Begin to read photos in a thread of their own. Batches are made ahead of the training, whose thread is blocked for
 * most of the time. Which photos and crops a step gets depends on seed, step and the folder's contents alone.
 *
 * @throws RangeError where the crop does not fit into the photos
 */
export function photoBatches(source: PhotoSource, options: PhotoBatchesOptions): PhotoBatchReader {
  const { cut } = options;
  if ('crop' in cut && cut.crop > cut.shortSide) {
    throw new RangeError(`expected crop to be at most ${cut.shortSide} but received ${cut.crop}`);
  }
  return new PhotoBatchReader(source, options);
}

/** Made by `photoBatches`; `close` ends its thread. */
export class PhotoBatchReader {
  readonly #source: PhotoSource;
  readonly #readAhead: number;
  readonly #onDamaged: (file: string, reason: string) => void;
  readonly #worker: Worker;
  readonly #exit: Promise<void>;
  /** By step. Outcomes and not rejections: one that nobody awaits yet must not end the process. */
  readonly #asked = new Map<number, Pending>();
  #broken: ImpastoError | undefined;

  constructor(source: PhotoSource, options: PhotoBatchesOptions) {
    const { readAhead = 3, cacheBytes = 512 * 2 ** 20, onDamaged = () => undefined, ...rest } = options;
    const setup: ReaderSetup = { ...rest, ...source, cacheBytes };
    this.#source = source;
    this.#readAhead = readAhead;
    this.#onDamaged = onDamaged;
    this.#worker = startWorker(setup);
    this.#worker.on('message', (message: FromReader) => this.#hear(message));
    this.#worker.on('error', (cause) => this.#break(cause));
    this.#exit = new Promise((resolve) => this.#worker.once('exit', () => resolve(this.#break(undefined))));
  }

  /**
   * What is cut for a step, RGB, 0–255: [batch, 3, crop, crop], or the small crops and then their truths, as `pairCutter`
   * lays them out. The same for the same step, always.
   *
   * @param step from 1; asked for in rising order they are ready before
   * @throws UserError `photos-damaged` where more than a twentieth of the photos, or all, cannot be read;
   * ImpastoError `photo-reader-ended` after `close` or a crash
   */
  async batch(step: number): Promise<Float32Array> {
    for (const earlier of this.#asked.keys()) if (earlier < step) this.#asked.delete(earlier);
    for (let ahead = step; ahead <= step + this.#readAhead; ahead++) this.#ask(ahead);
    const outcome = this.#broken ? { error: this.#broken } : await this.#asked.get(step)?.outcome;
    if (!outcome) throw new RangeError(`step ${step} was not asked for`);
    if ('error' in outcome) throw outcome.error;
    return outcome.pixels;
  }

  /** End the thread; batches still awaited fail. */
  async close(): Promise<void> {
    this.#post({ kind: 'close' });
    await this.#exit;
  }

  #ask(step: number): void {
    if (this.#asked.has(step)) return;
    this.#asked.set(step, pending());
    this.#post({ kind: 'read', step });
  }

  #post(message: ToReader): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromReader): void {
    if (message.kind === 'damaged') this.#onDamaged(message.file, message.reason);
    else if (message.kind === 'batch') this.#asked.get(message.step)?.settle({ pixels: message.pixels });
    else this.#asked.get(message.step)?.settle({ error: tooManyDamaged(this.#source, message.damaged) });
  }

  #break(cause: unknown): void {
    this.#broken ??= new ImpastoError({
      code: 'photo-reader-ended',
      userMessage: 'The thread that reads photos has ended. Start the training again with --resume.',
      report: cause !== undefined,
      cause,
    });
    for (const { settle } of this.#asked.values()) settle({ error: this.#broken });
  }
}

function pending(): Pending {
  let settle: Pending['settle'] | undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  return { outcome, settle: (value) => settle?.(value) };
}

/** The same thread from `src` and from `dist`; in `src` it has to be taught TypeScript first. */
function startWorker(workerData: ReaderSetup): Worker {
  const own = import.meta.url;
  if (own.endsWith('.js')) return new Worker(new URL('./worker.js', own), { workerData });
  // `--import tsx` does nothing in the worker threads of Node 20.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL('./worker.ts', own).href);
  return new Worker(`import(${loader}).then(({ register }) => (register(), import(${file})));`, {
    workerData,
    eval: true,
    execArgv: [],
  });
}

function tooManyDamaged({ folder, files }: PhotoSource, damaged: number): UserError {
  return new UserError(
    'photos-damaged',
    `${damaged} of the ${files.length} photos in ${folder} cannot be read. Remove or replace them, then train again.`,
    { data: { folder, damaged, photos: files.length } },
  );
}
