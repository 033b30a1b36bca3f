import type { Picture } from '../images/picture.ts';

/** How far colours bleed, in pixels: as far as a network sees. */
const REACH = 16;

/**
 * A picture without its alpha, in which colours that nobody sees, of pixels that are wholly transparent, are replaced by
 * those of the nearest pixels that are not: a network would else smear them over what is seen.
 */
export function bled(picture: Picture): Picture {
  const { width, height, alpha } = picture;
  if (!alpha) return picture;
  const rgb = Uint8Array.from(picture.rgb);
  const known = Uint8Array.from(alpha, (value) => (value > 0 ? 1 : 0));
  for (let round = 0; round < REACH; round++) {
    const found: number[] = [];
    for (let place = 0; place < known.length; place++) {
      if (known[place]) continue;
      const sum = [0, 0, 0];
      let count = 0;
      for (const other of around(place, width, height)) {
        if (!known[other]) continue;
        count++;
        for (let channel = 0; channel < 3; channel++)
          sum[channel] = (sum[channel] ?? 0) + (rgb[3 * other + channel] ?? 0);
      }
      if (count === 0) continue;
      found.push(place);
      for (let channel = 0; channel < 3; channel++)
        rgb[3 * place + channel] = Math.round((sum[channel] ?? 0) / count);
    }
    if (found.length === 0) break;
    for (const place of found) known[place] = 1;
  }
  return { width, height, rgb };
}

function* around(place: number, width: number, height: number): Iterable<number> {
  const column = place % width;
  if (column > 0) yield place - 1;
  if (column < width - 1) yield place + 1;
  if (place >= width) yield place - width;
  if (place < width * (height - 1)) yield place + width;
}
