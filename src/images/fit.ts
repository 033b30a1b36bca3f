import { type Animation, type AnimationFormat, encodeAnimation } from './animation.ts';
import { encode, type ImageFormat } from './encode.ts';
import type { Picture } from './picture.ts';

/** A picture in bytes that fit; sides in pixels. */
export interface Fitted {
  readonly bytes: Buffer;
  readonly contentType: `image/${ImageFormat}`;
}

/** What makes a picture smaller in bytes: `png` in 256 colours, `flat-jpeg` with white behind what is transparent. */
export type LossyFormat = 'jpeg' | 'webp' | 'png' | 'flat-jpeg';

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
  picture: Picture,
  limit: number,
  formats: readonly LossyFormat[] = ['jpeg', 'webp'],
): Promise<Fitted | undefined> {
  const fitting = formats.flatMap((format) => {
    if (format === 'png' || (format === 'jpeg' && picture.alpha !== undefined)) return [];
    return format === 'flat-jpeg' ? 'jpeg' : format;
  });
  for (const quality of QUALITIES) {
    for (const format of fitting) {
      const bytes = await encode(picture, { format, quality });
      if (bytes.length <= limit) return { bytes, contentType: `image/${format}` };
    }
  }
  if (!formats.includes('png')) return undefined;
  const bytes = await encode(picture, { format: 'png', palette: true });
  return bytes.length <= limit ? { bytes, contentType: 'image/png' } : undefined;
}

/** The same for an animation. A GIF, which knows no quality, fits or does not. */
export async function encodeAnimationWithin(
  animation: Animation,
  limit: number,
  formats: readonly AnimationFormat[],
): Promise<Fitted | undefined> {
  for (const format of formats) {
    for (const quality of format === 'gif' ? [100] : QUALITIES) {
      const bytes = await encodeAnimation(animation, { format, quality });
      if (bytes.length <= limit) return { bytes, contentType: `image/${format}` };
    }
  }
  return undefined;
}
