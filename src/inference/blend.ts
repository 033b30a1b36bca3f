import type { Picture } from '../images/picture.ts';

/** `strength` of the painting, the rest of the source; both of one size, strength 0–1. The painting's alpha stays. */
export function blend(painting: Picture, source: Picture, strength: number): Picture {
  if (strength === 1) return painting;
  const rgb = new Uint8ClampedArray(painting.rgb.length);
  for (let at = 0; at < rgb.length; at++) {
    const from = source.rgb[at] ?? 0;
    rgb[at] = from + strength * ((painting.rgb[at] ?? 0) - from);
  }
  return { ...painting, rgb: new Uint8Array(rgb.buffer) };
}
