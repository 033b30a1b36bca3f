import { crc32, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ImpastoError, UserError } from '../../src/errors.ts';
import { decode, inspect } from '../../src/images/decode.ts';
import { gradient, toSharp } from './support.ts';

const SOURCE = gradient(120, 90);
const text = (value: string): Promise<Buffer> => Promise.resolve(Buffer.from(value));
const half = async (bytes: Promise<Buffer>): Promise<Buffer> =>
  (await bytes).subarray(0, (await bytes).length >> 1);
const jpeg = (): Promise<Buffer> => toSharp(SOURCE).jpeg().toBuffer();
const png = (): Promise<Buffer> => toSharp(SOURCE).png({ compressionLevel: 0 }).toBuffer();
const webp = (): Promise<Buffer> => toSharp(SOURCE).webp().toBuffer();
const gif = (): Promise<Buffer> => toSharp(SOURCE).gif().toBuffer();

describe('what is refused, by name', () => {
  it.each<[string, string, () => Promise<Buffer>]>([
    ['nothing', 'image-empty', () => text('')],
    ['plain text', 'image-not-an-image', () => text('hello, this is not a picture')],
    ['a page', 'image-not-an-image', () => text('<!DOCTYPE html><html><body>404</body></html>')],
    ['JSON', 'image-not-an-image', () => text('{"error":"not found"}')],
    ['a PDF', 'image-not-an-image', () => text('%PDF-1.7\n1 0 obj\n<<>>\nendobj')],
    ['a ZIP', 'image-not-an-image', async () => Buffer.from('504b0304140000000800', 'hex')],
    ['gzip', 'image-not-an-image', async () => gzipSync('x')],
    [
      'an ELF program',
      'image-not-an-image',
      async () => Buffer.from('7f454c46020101000000000000000000', 'hex'),
    ],
    ['one byte', 'image-not-an-image', async () => Buffer.of(0xff)],
    ['zeros', 'image-not-an-image', async () => Buffer.alloc(4096)],
    ['an SVG', 'image-format-unsupported', () => text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['an SVG behind a declaration', 'image-format-unsupported', () => text('<?xml version="1.0"?>\n<svg/>')],
    ['a TIFF', 'image-format-unsupported', () => toSharp(SOURCE).tiff().toBuffer()],
    ['an AVIF', 'image-format-unsupported', () => toSharp(gradient(16, 16)).avif().toBuffer()],
    ['a BMP', 'image-format-unsupported', async () => Buffer.concat([Buffer.from('BM'), Buffer.alloc(64)])],
    [
      'an icon',
      'image-format-unsupported',
      async () => Buffer.from('00000100010010100000010020006804000016000000', 'hex'),
    ],
    [
      'a Photoshop file',
      'image-format-unsupported',
      async () => Buffer.concat([Buffer.from('8BPS\0\x01'), Buffer.alloc(40)]),
    ],
    ['half a JPEG', 'image-damaged', () => half(jpeg())],
    ['half a PNG', 'image-damaged', () => half(png())],
    ['half a WebP', 'image-damaged', () => half(webp())],
    ['half a GIF', 'image-damaged', () => half(gif())],
    ['a JPEG’s first bytes', 'image-damaged', async () => (await jpeg()).subarray(0, 20)],
    [
      'a PNG’s signature alone',
      'image-not-an-image',
      async () => Buffer.concat([(await png()).subarray(0, 8), Buffer.alloc(40)]),
    ],
    ['a PNG with a flipped byte', 'image-damaged', async () => flipped(await png())],
    [
      'a GIF without a frame',
      'image-damaged',
      async () =>
        Buffer.concat([Buffer.from('GIF89a'), Buffer.from('01000100000000', 'hex'), Buffer.from(';')]),
    ],
    [
      'text that says it is a JPEG',
      'image-damaged',
      async () => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('but it is not')]),
    ],
    ['50,000 × 50,000 in a PNG’s header', 'image-too-large', async () => declared(50_000, 50_000)],
    ['a strip of 1 × 100,000', 'image-too-large', async () => declared(1, 100_000)],
    [
      '65,535 × 65,535 in a GIF’s header',
      'image-damaged',
      async () =>
        Buffer.concat([
          Buffer.from('GIF89a'),
          Buffer.from('ffffffff000000', 'hex'),
          (await gif()).subarray(13),
        ]),
    ],
    ['a bomb of 1,500 frames', 'image-too-many-frames', () => animation(1500)],
  ])('%s: %s', async (_, code, make) => {
    const bytes = await make();
    for (const read of [decode, inspect]) {
      const error = await read(bytes).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(error).toBeInstanceOf(UserError);
      if (!(error instanceof ImpastoError)) throw error;
      expect(error.code).toBe(code);
      expect(error.userMessage).toMatch(/^[A-Z].*\.$/);
      expect(error.userMessage).not.toMatch(/vips|Vips|sharp|buffer|undefined/);
    }
  });

  it('is bounded by limits that the caller sets', async () => {
    const bytes = await png();
    await expect(decode(bytes, { bytes: 1000 })).rejects.toMatchObject({ code: 'image-file-too-large' });
    await expect(decode(bytes, { pixels: 1000 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(decode(bytes, { side: 100 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(decode(await animation(3), { frames: 2 })).rejects.toMatchObject({
      code: 'image-too-many-frames',
    });
    expect((await decode(bytes, { pixels: 120 * 90 })).width).toBe(120);
  });

  it('never lets any but our own errors out, whatever byte is wrong', async () => {
    const sources = await Promise.all([jpeg(), png(), webp(), gif()]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.nat(), fc.nat(255), async (source, place, value) => {
        const bytes = Buffer.from(source);
        bytes[place % bytes.length] = value;
        const error = await decode(bytes).then(
          () => undefined,
          (cause: unknown) => cause,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(UserError);
      }),
      { numRuns: 120, seed: 11 },
    );
  });
});

/** One byte of the compressed pixels turned over; the checksum tells. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const place = copy.length >> 1;
  copy[place] = (copy[place] ?? 0) ^ 0xff;
  return copy;
}

/** A sound PNG but for its size: a header that declares much, and hardly any pixels. */
function declared(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function animation(frames: number): Promise<Buffer> {
  const pixels = Buffer.alloc(3 * 4 * 4 * frames);
  for (let place = 0; place < pixels.length; place++) pixels[place] = (place * 7 + (place >> 5)) % 256;
  return sharp(pixels, {
    raw: { width: 4, height: 4 * frames, channels: 3, pageHeight: 4 },
    limitInputPixels: false,
  })
    .webp({ effort: 0 })
    .toBuffer();
}
