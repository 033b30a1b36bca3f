import sharp, { type Sharp } from 'sharp';

/** The loaders of the formats that we take, from memory. */
const LOADERS = [
  'VipsForeignLoadJpegBuffer',
  'VipsForeignLoadPngBuffer',
  'VipsForeignLoadWebpBuffer',
  'VipsForeignLoadNsgifBuffer',
];

/**
 * Make this process fit for strangers' files: every decoder but those of our formats is shut, also against a file
 * that pretends to be another, nothing is cached, and at most `threads` threads decode, resize and encode. For the
 * whole process and for good, so it is called once where a process begins.
 */
export function guardProcess(threads: number): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  sharp.cache(false);
  sharp.concurrency(threads);
}

/**
 * A file as sharp opens it, strictly.
 * @param frames how many of an animation's, from the first; all of them are -1
 */
export function openStrictly(bytes: Uint8Array, pixels: number | false, frames = 1): Sharp {
  // `error` refuses a file that breaks off half way, which a viewer would show grey from there on.
  return sharp(bytes, { limitInputPixels: pixels, failOn: 'error', pages: frames });
}
