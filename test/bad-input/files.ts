import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { type AnimationFormat, encodeAnimation } from '../../src/images/animation.ts';
import { movingSquare } from '../images/moving.ts';
import { gradient, toSharp } from '../images/support.ts';

/*
 * Files as strangers send them: sound ones in every format, and parts to make wrong ones of. All are small, whatever they
 * say of themselves.
 */

const SOURCE = gradient(120, 90);

export const jpeg = (): Promise<Buffer> => toSharp(SOURCE).jpeg().toBuffer();
/** Its pixels are stored as they are, so that halving it cuts through them. */
export const png = (): Promise<Buffer> => toSharp(SOURCE).png({ compressionLevel: 0 }).toBuffer();
export const webp = (): Promise<Buffer> => toSharp(SOURCE).webp().toBuffer();
export const gif = (): Promise<Buffer> => toSharp(SOURCE).gif().toBuffer();
export const tiff = (): Promise<Buffer> => toSharp(SOURCE).tiff().toBuffer();
export const avif = (): Promise<Buffer> => toSharp(gradient(16, 16)).avif().toBuffer();
export const text = async (value: string): Promise<Buffer> => Buffer.from(value);
export const hex = async (value: string): Promise<Buffer> => Buffer.from(value.replaceAll(' ', ''), 'hex');

/** Four frames. */
export function animation(format: AnimationFormat, width = 64, height = 40): Promise<Buffer> {
  return encodeAnimation(movingSquare(width, height, 4), { format });
}

/** As many frames of 4 × 4 pixels. */
export function manyFrames(frames: number): Promise<Buffer> {
  const pixels = Buffer.alloc(3 * 4 * 4 * frames);
  for (let place = 0; place < pixels.length; place++) pixels[place] = (place * 7 + (place >> 5)) % 256;
  return sharp(pixels, {
    raw: { width: 4, height: 4 * frames, channels: 3, pageHeight: 4 },
    limitInputPixels: false,
  })
    .webp({ effort: 0 })
    .toBuffer();
}

export async function half(making: Promise<Buffer>): Promise<Buffer> {
  const bytes = await making;
  return bytes.subarray(0, bytes.length >> 1);
}

/** With other bytes at a place. */
export async function withBytes(making: Promise<Buffer>, at: number, bytes: Uint8Array): Promise<Buffer> {
  const copy = Buffer.from(await making);
  copy.set(bytes, at);
  return copy;
}

/** One byte of the middle turned over. */
export async function flipped(making: Promise<Buffer>): Promise<Buffer> {
  const bytes = await making;
  const place = bytes.length >> 1;
  return withBytes(making, place, Buffer.of((bytes[place] ?? 0) ^ 0xff));
}

/** A chunk of a PNG, its checksum right. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of these chunks, and an end. */
export function pngOf(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

/** A PNG's header: 8 bits of RGB where nothing else is said. */
export function header(width: number, height: number, rest: readonly number[] = [8, 2, 0, 0, 0]): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set(rest, 8);
  return chunk('IHDR', data);
}

/** Sound pixels for a PNG of 8 × 8, or whatever is given. */
export function pixels(raw: Buffer = Buffer.alloc(8 * 25)): Buffer {
  return chunk('IDAT', deflateSync(raw));
}

/** A PNG that declares much, and holds hardly any pixels. */
export async function declaredPng(width: number, height: number): Promise<Buffer> {
  return pngOf(header(width, height), pixels(Buffer.alloc(1000)));
}

/** A sound PNG with one more chunk before its pixels. */
export async function withChunk(type: string, data: Buffer): Promise<Buffer> {
  return pngOf(header(8, 8), chunk(type, data), pixels());
}

/** A sound JPEG with one more segment behind its first mark. */
export async function withSegment(marker: number, data: Buffer): Promise<Buffer> {
  const bytes = await jpeg();
  const start = Buffer.alloc(4);
  start.writeUInt16BE(0xff00 | marker, 0);
  start.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), start, data, bytes.subarray(2)]);
}

/** A JPEG whose header declares another size. */
export async function declaredJpeg(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await jpeg());
  const at = bytes.indexOf(Buffer.from('ffc0', 'hex'));
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return bytes;
}

/** An animated WebP whose header declares a canvas of another size. */
export async function declaredWebp(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await animation('webp'));
  const at = bytes.indexOf('VP8X');
  bytes.writeUIntLE(width - 1, at + 12, 3);
  bytes.writeUIntLE(height - 1, at + 15, 3);
  return bytes;
}

/** A GIF whose canvas is declared so, with as many frames of one pixel. */
export async function declaredGif(width: number, height: number, frames: number): Promise<Buffer> {
  const start = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  start.writeUInt16LE(width, 6);
  start.writeUInt16LE(height, 8);
  const frame = await hex('21f90400 01000000 2c000000 00010001 00000202 440100');
  return Buffer.concat([start, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** So many megabytes of nothing, small once packed: what unpacks them without a limit is in trouble. */
export function bomb(megabytes: number): Buffer {
  return deflateSync(Buffer.alloc(megabytes * 1024 ** 2), { level: 9 });
}
