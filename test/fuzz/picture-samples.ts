import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { encodeAnimation } from '../../src/images/animation.ts';
import { movingSquare } from '../images/moving.ts';
import { gradient, toSharp } from '../images/support.ts';
import type { Sample } from './bytes.ts';

/** A sound file of every kind that is taken, small. */
export async function pictureSamples(): Promise<readonly Sample[]> {
  const photo = (): Sharp => toSharp(gradient(40, 30));
  const { width, height, rgb, alpha } = gradient(40, 30, true);
  const rgba = Buffer.concat(
    Array.from({ length: width * height }, (_, at) => [
      ...rgb.subarray(3 * at, 3 * at + 3),
      alpha?.[at] ?? 0,
    ]).map((pixel) => Buffer.from(pixel)),
  );
  const clear = (): Sharp => sharp(rgba, { raw: { width, height, channels: 4 } });
  const moving = movingSquare(32, 24, 4);
  const holes = movingSquare(32, 24, 4, true);
  const made: readonly (readonly [string, Promise<Buffer>])[] = [
    ['JPEG', photo().jpeg().toBuffer()],
    ['progressive JPEG', photo().jpeg({ progressive: true }).toBuffer()],
    ['CMYK JPEG', photo().toColourspace('cmyk').jpeg().toBuffer()],
    ['grey JPEG', photo().greyscale().jpeg().toBuffer()],
    ['JPEG on its side', photo().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['JPEG with a profile', photo().withIccProfile('p3').jpeg().toBuffer()],
    ['PNG', photo().png().toBuffer()],
    ['PNG of 16 bits', photo().toColourspace('rgb16').png().toBuffer()],
    ['PNG with a palette', photo().png({ palette: true, colours: 16 }).toBuffer()],
    ['PNG with alpha', clear().png().toBuffer()],
    ['interlaced PNG', photo().png({ progressive: true }).toBuffer()],
    ['PNG with a profile', photo().withIccProfile('p3').png().toBuffer()],
    ['WebP', photo().webp().toBuffer()],
    ['lossless WebP', photo().webp({ lossless: true }).toBuffer()],
    ['WebP with alpha', clear().webp().toBuffer()],
    ['animated WebP', encodeAnimation(moving, { format: 'webp' })],
    ['animated WebP with alpha', encodeAnimation(holes, { format: 'webp' })],
    ['GIF', photo().gif().toBuffer()],
    ['animated GIF', encodeAnimation(moving, { format: 'gif' })],
    ['animated GIF with holes', encodeAnimation(holes, { format: 'gif' })],
  ];
  return Promise.all(
    made.map(async ([name, making]) => {
      const bytes = await making;
      return { name, bytes, marks: marksOf(bytes) };
    }),
  );
}

/** Where the parts of a picture's file begin; of a kind without any order, its header. */
function marksOf(bytes: Buffer): readonly number[] {
  const start = bytes.toString('latin1', 0, 4);
  if (start === '\x89PNG') return chunks(bytes, 8, (at) => 12 + bytes.readUInt32BE(at));
  if (start === 'RIFF') {
    // Sizes stand behind names, and parts begin at even places.
    return [4, ...chunks(bytes, 12, (at) => 8 + 2 * Math.ceil(bytes.readUInt32LE(at + 4) / 2))];
  }
  if (start === 'GIF8') return [6, 8, 10, 11, ...found(bytes, 0x2c), ...found(bytes, 0x21)];
  return found(bytes, 0xff);
}

function chunks(bytes: Buffer, from: number, lengthAt: (at: number) => number): readonly number[] {
  const marks: number[] = [];
  for (let at = from; at + 8 <= bytes.length; at += lengthAt(at)) marks.push(at);
  return marks;
}

function found(bytes: Buffer, value: number): readonly number[] {
  return [...bytes.keys()].filter((at) => bytes[at] === value);
}

/** A PNG whose checksums are made right again, so that what is wrong in it gets further than to them. */
export function checked(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 8; at + 12 <= copy.length; ) {
    const end = at + 8 + copy.readUInt32BE(at);
    if (end + 4 > copy.length) break;
    copy.writeUInt32BE(crc32(copy.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return copy;
}
