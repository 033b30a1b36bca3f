import { randomSource } from '../random.ts';

/** What decides the crops of every step. */
export interface CropPlan {
  readonly seed: number;
  /** Crops per step. */
  readonly batch: number;
  /** Photos there are. */
  readonly photos: number;
  readonly flips: boolean;
}

/** One crop of a batch. */
export interface Crop {
  /** Index of the photo to take, then of those to take in its place where it is damaged. */
  candidates(): Iterable<number>;
  /** In [0, 1): how far along the room that there is, from left and from top. */
  readonly x: number;
  readonly y: number;
  /** Mirror left and right. */
  readonly flip: boolean;
  /** Mirror above and below; exchange rows and columns. For pictures that may be seen any way round. */
  readonly flop: boolean;
  readonly turn: boolean;
}

// Apart from each other and from every other use of the recipe's seed.
const ORDER = 0x0d;
const CROP = 0xc0;

/**
 * Which photos a step takes, and where it cuts them: a pure function of plan and step, so that a training that is
 * resumed sees what it would have seen. Every epoch takes each photo once, in an order of its own.
 */
export class Crops {
  readonly #plan: CropPlan;
  /** Orders of the last epochs asked for: a shuffle of a hundred thousand photos is not for every step. */
  readonly #orders = new Map<number, Uint32Array>();

  constructor(plan: CropPlan) {
    this.#plan = plan;
  }

  /** @param step from 1 */
  of(step: number): readonly Crop[] {
    const { seed, batch, flips } = this.#plan;
    return Array.from({ length: batch }, (_, slot) => {
      const random = randomSource(seed, CROP, step, slot);
      return {
        x: random(),
        y: random(),
        flip: random() < 0.5 && flips,
        flop: random() < 0.5 && flips,
        turn: random() < 0.5 && flips,
        candidates: () => this.#candidates((step - 1) * batch + slot),
      };
    });
  }

  *#candidates(position: number): Iterable<number> {
    const { photos } = this.#plan;
    const order = this.#order(Math.floor(position / photos));
    for (let offset = 0; offset < photos; offset++) yield order[(position + offset) % photos] ?? 0;
  }

  #order(epoch: number): Uint32Array {
    const known = this.#orders.get(epoch);
    if (known) return known;
    const { seed, photos } = this.#plan;
    const random = randomSource(seed, ORDER, epoch);
    const order = Uint32Array.from({ length: photos }, (_, index) => index);
    for (let last = photos - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
    }
    // A batch may lie across two epochs.
    if (this.#orders.size >= 2) this.#orders.clear();
    this.#orders.set(epoch, order);
    return order;
  }
}
