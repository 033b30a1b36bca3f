import type { Degradation } from './degrade.ts';

/** Square crops of photos, all of one size. */
export interface CropsCut {
  /** Side in pixels; at most `shortSide`. */
  readonly crop: number;
  /** Every photo is resized so that its short side has this many pixels. */
  readonly shortSide: number;
}

/** Square crops of photos made small, each with its truth. */
export interface PairsCut {
  /** How many times smaller. */
  readonly factor: number;
  /** Side of the small crops in pixels. */
  readonly patch: number;
  /** Photos are first made so many times smaller, which takes away their own compression. */
  readonly shrink: number;
  readonly degradation: Degradation;
  /** Bounds of the JPEG quality, for `jpeg`. */
  readonly jpegQuality: readonly [number, number];
  /** Part of the crops that is not compressed, for `jpeg`. */
  readonly cleanShare: number;
  /** Part of the crops that is of rendered text and line art in the place of photos. */
  readonly textShare: number;
}

/** What the reader of photos is given when it starts, and what it and the training's thread say to each other. */
export interface ReaderSetup {
  readonly folder: string;
  readonly files: readonly string[];
  readonly seed: number;
  readonly batch: number;
  readonly flips: boolean;
  readonly cut: CropsCut | PairsCut;
  /** Bytes of decoded photos to keep. */
  readonly cacheBytes: number;
}

/** Asks for the batch of a step, or for the end. */
export type ToReader = { readonly kind: 'read'; readonly step: number } | { readonly kind: 'close' };

/** A batch, or why there is none or it has other photos. */
export type FromReader =
  | { readonly kind: 'batch'; readonly step: number; readonly pixels: Float32Array<ArrayBuffer> }
  | { readonly kind: 'damaged'; readonly file: string; readonly reason: string }
  /** Too many photos cannot be read for the training to be what was asked for. */
  | { readonly kind: 'failed'; readonly step: number; readonly damaged: number };
