import type { Picture } from './picture.ts';

const LEVELS = 256;

/**
 * A picture whose levels are as often there as in another, channel by channel: the same share of its pixels lies below a
 * level as of the other's. Order is kept; between levels the share is taken to grow evenly.
 */
export function matchHistograms(picture: Picture, like: Picture): Picture {
  const rgb = Uint8Array.from(picture.rgb);
  for (let channel = 0; channel < 3; channel++) {
    const [own, wanted] = [sharesBelow(picture.rgb, channel), sharesBelow(like.rgb, channel)];
    const levels = Uint8Array.from({ length: LEVELS }, (_, level) => {
      // The middle of the pixels of this level.
      const share = ((own[level] ?? 0) + (own[level + 1] ?? 0)) / 2;
      return Math.round(Math.min(LEVELS - 1, Math.max(0, levelAt(wanted, share) - 0.5)));
    });
    for (let at = channel; at < rgb.length; at += 3) rgb[at] = levels[rgb[at] ?? 0] ?? 0;
  }
  return { ...picture, rgb };
}

/** For each level and the one behind the last: the share of pixels that are darker. */
function sharesBelow(rgb: Uint8Array, channel: number): Float64Array {
  const counts = new Float64Array(LEVELS);
  for (let at = channel; at < rgb.length; at += 3) counts[rgb[at] ?? 0] = (counts[rgb[at] ?? 0] ?? 0) + 1;
  const shares = new Float64Array(LEVELS + 1);
  for (let level = 0; level < LEVELS; level++)
    shares[level + 1] = (shares[level] ?? 0) + (counts[level] ?? 0) / (rgb.length / 3);
  return shares;
}

/** Where so great a share is darker: between two levels, in proportion. */
function levelAt(shares: Float64Array, share: number): number {
  const after = shares.findIndex((value) => value >= share);
  const level = Math.max(1, after === -1 ? LEVELS : after);
  const [low, high] = [shares[level - 1] ?? 0, shares[level] ?? 1];
  return high === low ? level : level - 1 + (share - low) / (high - low);
}
