import sharp from 'sharp';
import { fromInterleaved } from '../../images/interleaved.ts';
import type { Picture } from '../../images/picture.ts';
import { randomSource } from '../random.ts';
import { escapeXml } from '../report/chart.ts';

/** A picture of text to measure by. */
export interface TextSheet {
  readonly name: string;
  /** Of the letters in the small picture, in pixels: the font's size. */
  readonly pixels: number;
  readonly font: string;
  readonly ground: 'light' | 'dark';
  /** `factor` times as large as what will be enlarged. */
  readonly picture: Picture;
}

/** What people still read, and write memes in. */
const SIZES = [8, 9, 10, 11, 12, 13, 14] as const;

/**
 * Training sets random letters in the machine's sans-serif, serif and monospace, which were DejaVu's where the committed
 * networks were trained.
 */
export const SHEET_FONTS: readonly string[] = [
  'Liberation Sans',
  'Liberation Serif',
  'Liberation Mono',
  'Liberation Sans Narrow',
];

/** Apart from every recipe's. */
export const SHEET_SEED = 2016;

/** Of the small picture, in pixels. */
const WIDTH = 168;
const HEIGHT = 96;

const SENTENCES = [
  'The ferry leaves at 17:45 from pier 6.',
  'Nobody expects the quiet gallery on Mondays.',
  'When you finally read the manual:',
  'Please keep off the grass (and the paintings).',
  'Twelve jugs of oil, 3 brushes, 1 canvas = 48.90',
  'Me, explaining perspective to my cat',
  'Wind north-west 7, later 9; visibility poor',
  'Open daily 10–18, closed on 24 December',
  'HELLO, IS THIS THE PAINTER?',
  'Quickly fix the blurry jpeg, vexed zebra!',
  'Query 0x7F failed: expected “;” at line 119',
  'Just one more layer of varnish, they said',
];

/**
 * Sentences in every size from 8 to 14 pixels, dark on light and light on dark: the same on every machine that has the fonts.
 * @param factor by which the pictures are going to be made smaller
 */
export async function textSheets(factor: number): Promise<TextSheet[]> {
  const wanted = SIZES.flatMap((pixels) =>
    (['light', 'dark'] as const).map((ground) => ({ pixels, ground })),
  );
  return Promise.all(
    wanted.map(async ({ pixels, ground }, index) => {
      // One further at each round, so that every font stands on both grounds.
      const round = Math.floor(index / SHEET_FONTS.length);
      const font = SHEET_FONTS[(index + round) % SHEET_FONTS.length] ?? 'sans-serif';
      const svg = draw({ pixels, ground, font, factor, random: randomSource(SHEET_SEED, index) });
      const { data, info } = await sharp(Buffer.from(svg))
        .flatten({ background: 'white' })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      const picture = fromInterleaved(data, info);
      return { name: `${pixels} px, ${font}, on ${ground}`, pixels, font, ground, picture };
    }),
  );
}

function draw({
  pixels,
  ground,
  font,
  factor,
  random,
}: Pick<TextSheet, 'pixels' | 'ground' | 'font'> & { factor: number; random: () => number }): string {
  const tone = (least: number, most: number): string =>
    `rgb(${[0, 0, 0].map(() => Math.round(least + random() * (most - least))).join()})`;
  const [light, dark] = [tone(220, 255), tone(0, 45)];
  const [paper, ink] = ground === 'light' ? [light, dark] : [dark, light];
  const size = pixels * factor;
  const lines: string[] = [];
  const first = Math.floor(random() * SENTENCES.length);
  for (let y = 1.3 * size; y < (HEIGHT - 2) * factor; y += 1.45 * size) {
    const sentence = SENTENCES[(first + lines.length) % SENTENCES.length] ?? '';
    const x = (3 + 3 * random()) * factor;
    lines.push(`<text x="${x.toFixed(2)}" y="${y.toFixed(2)}">${escapeXml(sentence)}</text>`);
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH * factor}" height="${HEIGHT * factor}">` +
    `<rect width="100%" height="100%" fill="${paper}"/>` +
    `<g fill="${ink}" font-family="${font}" font-size="${size}">${lines.join('')}</g></svg>`
  );
}
