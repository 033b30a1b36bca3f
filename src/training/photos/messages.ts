/** What the reader of photos is given when it starts, and what it and the training's thread say to each other. */
export interface ReaderSetup {
  readonly folder: string;
  readonly files: readonly string[];
  readonly seed: number;
  readonly batch: number;
  readonly crop: number;
  readonly shortSide: number;
  readonly flips: boolean;
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
