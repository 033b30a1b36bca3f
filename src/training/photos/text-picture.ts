import sharp from 'sharp';
import type { Picture } from '../../images/picture.ts';

const LETTERS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789.,:;!?-()';
const FAMILIES = ['sans-serif', 'serif', 'monospace'];

/** Height of letters in the picture made small, in pixels: what people can still read, and what they write memes in. */
const LETTER_HEIGHTS = [6, 22] as const;

/**
 * Text and line art on a plain or shaded ground: sharp edges of which photographs hold few.
 *
 * @param side in pixels
 * @param factor by which the picture is going to be made smaller
 * @param random decides all of it; the letters are set in whatever fonts the machine has
 */
export async function textPicture(side: number, factor: number, random: () => number): Promise<Picture> {
  const within = (least: number, most: number): number => least + random() * (most - least);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const grey = (level: number): string => `rgb(${[0, 0, 0].map(() => Math.round(level)).join()})`;
  const colour = (): string => `rgb(${[0, 0, 0].map(() => Math.round(random() * 255)).join()})`;
  const dark = random() < 0.5;
  const plain = random() < 0.6;
  const ground = plain ? grey(dark ? within(0, 60) : within(200, 255)) : colour();
  const ink = plain || random() < 0.5 ? grey(dark ? within(210, 255) : within(0, 40)) : colour();
  const parts = [
    `<linearGradient id="g" x2="${random()}" y2="${random()}"><stop stop-color="${ground}"/>`,
    `<stop offset="1" stop-color="${plain ? ground : colour()}"/></linearGradient>`,
    '<rect width="100%" height="100%" fill="url(#g)"/>',
  ];
  const place = (): string => `${within(0, side).toFixed(1)} ${within(0, side).toFixed(1)}`;
  for (let shape = 0; shape < within(0, 6); shape++) {
    const drawn = random() < 0.5 ? `M${place()}L${place()}L${place()}` : `M${place()}Q${place()} ${place()}`;
    const fill = random() < 0.3 ? colour() : 'none';
    parts.push(
      `<path d="${drawn}" fill="${fill}" stroke="${random() < 0.5 ? ink : colour()}" stroke-width="${within(0.5, 3) * factor}"/>`,
    );
  }
  const height = within(...LETTER_HEIGHTS) * factor;
  const outline = random() < 0.25 ? ` stroke="${grey(dark ? 0 : 255)}" stroke-width="${height / 12}"` : '';
  const style = `font-family="${pick(FAMILIES)}" font-weight="${pick(['normal', 'normal', 'bold'])}" font-size="${height}"`;
  for (let y = height * within(0.3, 1); y < side + height; y += height * within(1.1, 1.6)) {
    const words = Array.from({ length: Math.ceil((2 * side) / height) }, () =>
      random() < 0.16 ? ' ' : (LETTERS[Math.floor(random() * LETTERS.length)] ?? ''),
    );
    const x = -height * within(0, 2);
    parts.push(
      `<text x="${x}" y="${y}" fill="${ink}" ${style}${outline} xml:space="preserve">${words.join('')}</text>`,
    );
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${parts.join('')}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new TypeError(`expected three channels but received ${info.channels}`);
  return { width: info.width, height: info.height, rgb: data };
}
