import type { Size } from '../images/picture.ts';

/** The long side at which strokes look as they were trained to (default of the whole program), in pixels. */
export const WORKING_SIZE = 1536;

/** Below this side, a network sees too little to paint, and reflection pads more than there is. */
const LEAST_SIDE = 32;

/**
 * The size at which a network runs on a picture. A network's receptive field is fixed, so strokes vanish on a large
 * photo: above `workingSize` the picture is shrunk to it. A tiny one is enlarged until its short side is 32 or
 * its long side `workingSize`; what is thinner than that even then is widened to 32 out of proportion.
 */
export function workingSizeOf({ width, height }: Size, workingSize: number): Size {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const scale = Math.min(Math.max(1, LEAST_SIDE / short), workingSize / long);
  const side = (length: number): number => Math.max(LEAST_SIDE, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}
