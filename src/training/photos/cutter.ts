import type { Picture } from '../../images/picture.ts';
import type { Crop } from './crops.ts';
import type { CropsCut } from './messages.ts';
import { cutSquare, readPhoto } from './photo.ts';

/** What a reader makes of photos: how one is loaded and kept, and how a crop of it gets into a batch. */
export interface Cutter<Loaded> {
  /** Numbers in a batch of so many crops. */
  batchSize(batch: number): number;
  /** @throws whatever keeps the photo from being read */
  load(file: string): Promise<Loaded>;
  /** What it takes to keep it. */
  bytes(loaded: Loaded): number;
  /** Something to cut in the place of the photo; undefined where the photo's turn it is. */
  instead(step: number, slot: number): Promise<Loaded> | undefined;
  /** Write one crop into the batch. */
  cut(loaded: Loaded, place: Crop, at: CutPlace): Promise<void>;
}

/** Where a crop goes. */
export interface CutPlace {
  readonly pixels: Float32Array;
  readonly step: number;
  readonly slot: number;
  readonly batch: number;
}

/** Square crops: [batch, 3, crop, crop], RGB, 0–255. */
export function cropCutter({ crop, shortSide }: CropsCut): Cutter<Picture> {
  const size = 3 * crop * crop;
  return {
    batchSize: (batch) => batch * size,
    load: (file) => readPhoto(file, shortSide),
    bytes: ({ rgb }) => rgb.byteLength,
    instead: () => undefined,
    cut: async (photo, place, { pixels, slot }) =>
      cutSquare(photo, crop, place, pixels.subarray(slot * size, (slot + 1) * size)),
  };
}
