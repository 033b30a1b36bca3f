import sharp, { type Sharp } from 'sharp';
import { toInterleaved } from './interleaved.ts';
import type { Picture, Size } from './picture.ts';

/** A decoded animation: frames of one size, each whole, as it is seen. */
export interface Animation extends Size {
  /** Two or more; alpha in all of them or in none. */
  readonly frames: readonly Picture[];
  /** How long each is shown, in milliseconds. */
  readonly delays: readonly number[];
  /** How often it is played; 0 is for ever. */
  readonly loop: number;
}

/** What can hold an animation. */
export type AnimationFormat = 'webp' | 'gif';

/** 1 (worst) to 100, of WebP. */
const QUALITY = 85;

/** 1 (quick) to 10: above, a minute of GIF takes minutes, for a few hundredths of its bytes. */
const GIF_EFFORT = 3;

/** The longest delay in milliseconds, and the most rounds, that sharp writes; files may hold more. */
const MOST_TIMING = 65_535;

/** How to encode an animation. */
export interface AnimationEncoding {
  readonly format: AnimationFormat;
  readonly quality?: number;
}

/** When its frames are shown. */
export type Timing = Pick<Animation, 'delays' | 'loop'>;

/** Encode as sRGB without metadata, timing and loop kept as far as they can be written. */
export function encodeAnimation(animation: Animation, encoding: AnimationEncoding): Promise<Buffer> {
  return encodeFrames(stacked(animation), animation, encoding);
}

/** The same of frames that sharp has opened. */
export function encodeFrames(
  image: Sharp,
  { delays, loop }: Timing,
  { format, quality = QUALITY }: AnimationEncoding,
): Promise<Buffer> {
  const timing = {
    loop: Math.min(loop, MOST_TIMING),
    delay: delays.map((delay) => Math.min(delay, MOST_TIMING)),
  };
  return format === 'gif'
    ? image.gif({ ...timing, effort: GIF_EFFORT }).toBuffer()
    : image.webp({ ...timing, quality, smartSubsample: true, effort: 2 }).toBuffer();
}

/** All frames in one picture, below each other, as sharp takes them. */
function stacked({ width, height, frames }: Animation): Sharp {
  const channels = frames[0]?.alpha ? 4 : 3;
  const area = width * height * channels;
  const data = new Uint8Array(area * frames.length);
  for (const [index, frame] of frames.entries()) data.set(toInterleaved(frame), index * area);
  return sharp(data, {
    raw: { width, height: height * frames.length, channels, pageHeight: height },
    limitInputPixels: false,
  });
}
