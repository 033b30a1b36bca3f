import sharp from 'sharp';
import { cropToMultiple, resizeBicubic } from '../../images/bicubic.ts';
import type { Picture } from '../../images/picture.ts';
import { crop } from '../../images/resample.ts';
import { randomSource } from '../random.ts';
import type { Crop } from './crops.ts';
import type { Cutter } from './cutter.ts';
import { compressed, shrunk } from './degrade.ts';
import type { PairsCut } from './messages.ts';
import { textPicture } from './text-picture.ts';

/** A truth and what is left of it. */
export interface Pair {
  readonly high: Picture;
  readonly low: Picture;
}

/** What a crop is compressed with besides: its blocks then begin anywhere in it. */
const BLOCK = 8;

// Apart from each other and from every other use of the recipe's seed.
const COMPRESSION = 0x17e6;
const TEXT = 0x7e87;

/** Different pictures of text, in pixels of the truth; more would hardly be more different. */
const TEXTS = 96;
const TEXT_SIDE = 96;

/**
 * Small crops and their truths: all small ones first, [batch, 3, patch, patch], then [batch, 3, factor · patch,
 * factor · patch]; RGB, 0–255.
 */
export function pairCutter(setup: PairsCut & { readonly seed: number }): Cutter<Pair> {
  const { factor, patch, degradation, seed, textShare } = setup;
  const lowSize = 3 * patch * patch;
  const highSize = lowSize * factor * factor;
  const texts = new Map<number, Promise<Pair>>();
  const text = (number: number): Promise<Pair> => {
    const side = Math.max(TEXT_SIDE, 2 * patch) * factor;
    const made =
      texts.get(number) ??
      textPicture(side, factor, randomSource(seed, TEXT, number)).then((high) => toPair(high, setup));
    texts.set(number, made);
    return made;
  };
  return {
    batchSize: (batch) => batch * (lowSize + highSize),
    load: async (file) => {
      const pair = await toPair(await readTruth(file, setup.shrink), setup);
      if (Math.min(pair.low.width, pair.low.height) < patch + BLOCK)
        throw new RangeError(`it is smaller than ${factor * (patch + BLOCK)} pixels`);
      return pair;
    },
    bytes: ({ high, low }) => high.rgb.byteLength + low.rgb.byteLength,
    instead: (step, slot) => {
      const random = randomSource(seed, TEXT, step, slot);
      return random() < textShare ? text(Math.floor(random() * TEXTS)) : undefined;
    },
    cut: async ({ high, low }, place, { pixels, step, slot, batch }) => {
      const left = Math.floor(place.x * (low.width - patch + 1));
      const top = Math.floor(place.y * (low.height - patch + 1));
      const random = randomSource(seed, COMPRESSION, step, slot);
      const spoilt = degradation === 'jpeg' && random() >= setup.cleanShare;
      const small = spoilt ? await compressedAt(low, left, top, setup, random) : { picture: low, left, top };
      const to = (start: number, size: number): Float32Array =>
        pixels.subarray(start + slot * size, start + (slot + 1) * size);
      write(small.picture, small.left, small.top, patch, place, to(0, lowSize));
      const side = patch * factor;
      write(high, left * factor, top * factor, side, place, to(batch * lowSize, highSize));
    },
  };
}

/** A photo to learn from: upright, in sRGB, `shrink` times smaller than its file. */
export async function readTruth(file: string, shrink: number): Promise<Picture> {
  const { data, info } = await sharp(file, { failOn: 'error', autoOrient: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new TypeError(`expected three channels but received ${info.channels}`);
  const picture = { width: info.width, height: info.height, rgb: data };
  if (shrink === 1) return picture;
  const to = (length: number): number => Math.max(1, Math.round(length / shrink));
  return resizeBicubic(picture, to(info.width), to(info.height));
}

/** A truth, cropped to a multiple of the factor, and all that degradation does to it. */
export async function pairOf(
  truth: Picture,
  recipe: Pick<PairsCut, 'factor' | 'degradation'>,
  quality: number,
): Promise<Pair> {
  const { high, low } = await toPair(truth, recipe);
  return { high, low: recipe.degradation === 'jpeg' ? await compressed(low, Math.round(quality)) : low };
}

/** The same without compression, which is another for each crop. */
async function toPair(
  truth: Picture,
  { factor, degradation }: Pick<PairsCut, 'factor' | 'degradation'>,
): Promise<Pair> {
  const high = cropToMultiple(truth, factor);
  return { high, low: await shrunk(high, factor, degradation) };
}

/** The part of a small picture around a crop, compressed; and where the crop is in it. */
async function compressedAt(
  low: Picture,
  left: number,
  top: number,
  { patch, jpegQuality: [worst, best] }: PairsCut,
  random: () => number,
): Promise<{ picture: Picture; left: number; top: number }> {
  const side = patch + BLOCK;
  const from = (place: number, length: number): number =>
    Math.min(Math.max(0, place - Math.floor(random() * BLOCK)), length - side);
  const [x, y] = [from(left, low.width), from(top, low.height)];
  const part = crop(low, { left: x, top: y, width: side, height: side });
  const quality = Math.round(worst + random() * (best - worst));
  const sampling = random() < 0.75 ? '4:2:0' : '4:4:4';
  const picture = await compressed(part, quality, sampling);
  return { picture, left: left - x, top: top - y };
}

/** One of the eight ways to turn and mirror a square, written as planes (CHW). */
function write(
  { width, rgb }: Picture,
  left: number,
  top: number,
  side: number,
  { flip, flop, turn }: Pick<Crop, 'flip' | 'flop' | 'turn'>,
  to: Float32Array,
): void {
  const area = side * side;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const column = flip ? side - 1 - x : x;
      const row = flop ? side - 1 - y : y;
      const from = 3 * (turn ? (top + column) * width + left + row : (top + row) * width + left + column);
      const at = y * side + x;
      to[at] = rgb[from] ?? 0;
      to[area + at] = rgb[from + 1] ?? 0;
      to[2 * area + at] = rgb[from + 2] ?? 0;
    }
  }
}
