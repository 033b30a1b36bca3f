import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { Crops } from './crops.ts';
import type { Cutter } from './cutter.ts';
import type { FromReader, ReaderSetup } from './messages.ts';

/** Photos that cannot be read are passed over up to this part of all; one is always forgiven, unless it is the only. */
const FORGIVEN = 0.05;

/** Makes batches out of photos. Lives in a thread of its own; its answers are messages. */
export class Reader<Loaded extends object> {
  readonly #setup: ReaderSetup;
  readonly #cutter: Cutter<Loaded>;
  readonly #say: (message: FromReader) => void;
  readonly #crops: Crops;
  readonly #cache: LRUCache<number, Loaded>;
  readonly #damaged = new Set<number>();

  constructor(setup: ReaderSetup, cutter: Cutter<Loaded>, say: (message: FromReader) => void) {
    this.#setup = setup;
    this.#cutter = cutter;
    this.#say = say;
    this.#crops = new Crops({ ...setup, photos: setup.files.length });
    this.#cache = new LRUCache({ maxSize: setup.cacheBytes, sizeCalculation: cutter.bytes });
  }

  /** Says `batch` for the step, or `failed`; `damaged` before it for every photo found so for the first time. */
  async read(step: number): Promise<void> {
    const { batch } = this.#setup;
    const pixels = new Float32Array(this.#cutter.batchSize(batch));
    for (const [slot, place] of this.#crops.of(step).entries()) {
      const photo = await (this.#cutter.instead(step, slot) ?? this.#firstSound(place.candidates()));
      if (!photo) {
        this.#say({ kind: 'failed', step, damaged: this.#damaged.size });
        return;
      }
      await this.#cutter.cut(photo, place, { pixels, step, slot, batch });
    }
    this.#say({ kind: 'batch', step, pixels });
  }

  /** The next sound photo in the epoch's order takes a damaged one's place: no chance, no timing decides. */
  async #firstSound(candidates: Iterable<number>): Promise<Loaded | undefined> {
    for (const index of candidates) {
      const photo = this.#damaged.has(index) ? undefined : await this.#photo(index);
      if (photo) return photo;
      const all = this.#setup.files.length;
      if (this.#damaged.size > Math.max(1, all * FORGIVEN)) return undefined;
    }
    return undefined;
  }

  async #photo(index: number): Promise<Loaded | undefined> {
    const known = this.#cache.get(index);
    if (known) return known;
    const file = this.#setup.files[index] ?? '';
    try {
      const photo = await this.#cutter.load(join(this.#setup.folder, file));
      this.#cache.set(index, photo);
      return photo;
    } catch (cause) {
      this.#damaged.add(index);
      this.#say({ kind: 'damaged', file, reason: cause instanceof Error ? cause.message : String(cause) });
      return undefined;
    }
  }
}
