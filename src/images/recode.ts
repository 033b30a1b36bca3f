import type { AnimationFormat } from './animation.ts';
import { openSound } from './decode.ts';
import { encodeAnimationWithin, encodeWithin, type Fitted, type LossyFormat } from './fit.ts';

/** Into what a picture of ours can be encoded anew. */
export type RecodeFormat = LossyFormat | AnimationFormat;

/** What sharp itself takes at most. */
const MOST_PIXELS = 268_402_689;

/** Pictures of our own are as large as our networks make them. */
const OWN_LIMITS = {
  bytes: Number.POSITIVE_INFINITY,
  pixels: MOST_PIXELS,
  side: Number.POSITIVE_INFINITY,
  frames: Number.POSITIVE_INFINITY,
  animationPixels: MOST_PIXELS,
};

/**
 * A picture of ours, or an animation, in at most `limit` bytes, in one of these formats; undefined where that can't be.
 * @throws UserError `image-damaged`
 */
export async function recode(
  bytes: Uint8Array,
  limit: number,
  formats: readonly RecodeFormat[],
): Promise<Fitted | undefined> {
  const sound = await openSound(bytes, OWN_LIMITS);
  if (sound.frames > 1) {
    const moving = formats.filter((format) => format === 'webp' || format === 'gif');
    return encodeAnimationWithin(sound, limit, moving);
  }
  const still = formats.filter((format): format is LossyFormat => format !== 'gif');
  return encodeWithin(sound, limit, still);
}
