import type { Sharp } from 'sharp';
import { type AnimationFormat, encodeFrames, type Timing } from './animation.ts';
import { encodeImage, type ImageFormat } from './encode.ts';
import type { Size } from './picture.ts';

/** A picture in bytes that fit; sides in pixels. */
export interface Fitted {
  readonly bytes: Buffer;
  readonly contentType: `image/${ImageFormat}`;
}

/** What makes a picture smaller in bytes: `png` in 256 colours, `flat-jpeg` with white behind what is transparent. */
export type LossyFormat = 'jpeg' | 'webp' | 'png' | 'flat-jpeg';

/** A picture that each attempt reads anew, so that none of its pixels are held meanwhile. */
export interface Opener extends Size {
  /** Whether anything in it is transparent. */
  readonly alpha: boolean;
  open(): Sharp;
}

/** The longest side, in pixels, that a WebP can have. */
const WEBP_SIDE = 16_383;

/**
 * Width times height, above which a JPEG alone is made: what else there is holds the whole picture while it is encoded, for
 * which 64 megapixels with alpha take gigabytes, and minutes.
 */
const MOST_HELD = 25_000_000;

/** From no visible loss down to the lowest quality that we still put our name to. */
const QUALITIES = [95, 90, 85, 80];

/**
 * Encode in the best quality that fits `limit` bytes; undefined where none does. Of two formats at the same quality the
 * first is taken; PNG, which knows no quality, once no other fits. A picture with alpha is never made a JPEG, which has
 * none, but a `flat-jpeg`.
 *
 * @param formats lossy ones, the preferred one first
 */
export async function encodeWithin(
  opener: Opener,
  limit: number,
  formats: readonly LossyFormat[] = ['jpeg', 'webp'],
): Promise<Fitted | undefined> {
  const { width, height, alpha, open } = opener;
  const small = width * height <= MOST_HELD;
  const takesWebp = small && Math.max(width, height) <= WEBP_SIDE;
  const fitting = formats.flatMap((format) => {
    if (format === 'png' || (format === 'jpeg' && alpha)) return [];
    if (format === 'webp' && !takesWebp) return [];
    return format === 'flat-jpeg' ? 'jpeg' : format;
  });
  for (const quality of QUALITIES) {
    for (const format of fitting) {
      const bytes = await encodeImage(open(), opener, { format, quality });
      if (bytes.length <= limit) return { bytes, contentType: `image/${format}` };
    }
  }
  if (!small || !formats.includes('png')) return undefined;
  const bytes = await encodeImage(open(), opener, { format: 'png', palette: true });
  return bytes.length <= limit ? { bytes, contentType: 'image/png' } : undefined;
}

/** The same for an animation, all of whose frames are opened. A GIF, which knows no quality, fits or does not. */
export async function encodeAnimationWithin(
  { open, ...timing }: Timing & { open(): Sharp },
  limit: number,
  formats: readonly AnimationFormat[],
): Promise<Fitted | undefined> {
  for (const format of formats) {
    for (const quality of format === 'gif' ? [100] : QUALITIES) {
      const bytes = await encodeFrames(open(), timing, { format, quality });
      if (bytes.length <= limit) return { bytes, contentType: `image/${format}` };
    }
  }
  return undefined;
}
