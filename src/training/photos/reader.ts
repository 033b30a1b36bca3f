import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Picture } from '../../images/picture.ts';
import { Crops } from './crops.ts';
import type { FromReader, ReaderSetup } from './messages.ts';
import { cutSquare, readPhoto } from './photo.ts';

/** Photos that cannot be read are passed over up to this part of all; one is always forgiven, unless it is the only. */
const FORGIVEN = 0.05;

/** Makes batches out of photos. Lives in a thread of its own; its answers are messages. */
export class Reader {
  readonly #setup: ReaderSetup;
  readonly #say: (message: FromReader) => void;
  readonly #crops: Crops;
  readonly #cache: LRUCache<number, Picture>;
  readonly #damaged = new Set<number>();

  constructor(setup: ReaderSetup, say: (message: FromReader) => void) {
    this.#setup = setup;
    this.#say = say;
    this.#crops = new Crops({ ...setup, photos: setup.files.length });
    this.#cache = new LRUCache({ maxSize: setup.cacheBytes, sizeCalculation: ({ rgb }) => rgb.byteLength });
  }

  /** Says `batch` for the step, or `failed`; `damaged` before it for every photo found so for the first time. */
  async read(step: number): Promise<void> {
    const { batch, crop } = this.#setup;
    const size = 3 * crop * crop;
    const pixels = new Float32Array(batch * size);
    for (const [slot, place] of this.#crops.of(step).entries()) {
      const photo = await this.#firstSound(place.candidates());
      if (!photo) {
        this.#say({ kind: 'failed', step, damaged: this.#damaged.size });
        return;
      }
      cutSquare(photo, crop, place, pixels.subarray(slot * size, (slot + 1) * size));
    }
    this.#say({ kind: 'batch', step, pixels });
  }

  /** The next sound photo in the epoch's order takes a damaged one's place: no chance, no timing decides. */
  async #firstSound(candidates: Iterable<number>): Promise<Picture | undefined> {
    for (const index of candidates) {
      const photo = this.#damaged.has(index) ? undefined : await this.#photo(index);
      if (photo) return photo;
      const all = this.#setup.files.length;
      if (this.#damaged.size > Math.max(1, all * FORGIVEN)) return undefined;
    }
    return undefined;
  }

  async #photo(index: number): Promise<Picture | undefined> {
    const known = this.#cache.get(index);
    if (known) return known;
    const file = this.#setup.files[index] ?? '';
    try {
      const photo = await readPhoto(join(this.#setup.folder, file), this.#setup.shortSide);
      this.#cache.set(index, photo);
      return photo;
    } catch (cause) {
      this.#damaged.add(index);
      this.#say({ kind: 'damaged', file, reason: cause instanceof Error ? cause.message : String(cause) });
      return undefined;
    }
  }
}
