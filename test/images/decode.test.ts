import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode, inspect } from '../../src/images/decode.ts';
import { psnr } from '../../src/images/psnr.ts';
import { farthest, gradient, toSharp } from './support.ts';

const SOURCE = gradient(36, 20);

describe('decode', () => {
  it.each([
    [
      'JPEG',
      'image/jpeg',
      () => toSharp(SOURCE).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer(),
      38,
    ],
    [
      'progressive JPEG',
      'image/jpeg',
      () => toSharp(SOURCE).jpeg({ quality: 98, progressive: true }).toBuffer(),
      34,
    ],
    ['PNG', 'image/png', () => toSharp(SOURCE).png().toBuffer(), 99],
    ['palette PNG', 'image/png', () => toSharp(SOURCE).png({ palette: true, colours: 256 }).toBuffer(), 30],
    ['16-bit PNG', 'image/png', () => toSharp(SOURCE).toColourspace('rgb16').png().toBuffer(), 50],
    ['WebP', 'image/webp', () => toSharp(SOURCE).webp({ quality: 95 }).toBuffer(), 34],
    ['lossless WebP', 'image/webp', () => toSharp(SOURCE).webp({ lossless: true }).toBuffer(), 99],
    ['GIF', 'image/gif', () => toSharp(SOURCE).gif().toBuffer(), 28],
  ] as const)('reads %s', async (_, contentType, make, decibels) => {
    const bytes = await make();
    const picture = await decode(bytes);
    expect(await inspect(bytes)).toEqual({ contentType, width: 36, height: 20 });
    expect(picture.alpha).toBeUndefined();
    expect(psnr(picture, SOURCE, 'rgb')).toBeGreaterThan(decibels);
  });

  it('makes grey pictures red = green = blue', async () => {
    const picture = await decode(await toSharp(SOURCE).greyscale().jpeg().toBuffer());
    expect(picture.rgb).toHaveLength(3 * 36 * 20);
    expect(picture.rgb[30]).toBe(picture.rgb[31]);
    expect(picture.rgb[31]).toBe(picture.rgb[32]);
  });

  it('converts CMYK and wide-gamut profiles to sRGB', async () => {
    const cmyk = await toSharp(SOURCE)
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    expect(psnr(await decode(cmyk), SOURCE, 'rgb')).toBeGreaterThan(20);
    const p3 = await toSharp(SOURCE).withIccProfile('p3').png().toBuffer();
    expect((await sharp(p3).metadata()).icc).toBeDefined();
    expect(psnr(await decode(p3), SOURCE, 'rgb')).toBeGreaterThan(38);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns EXIF orientation %i upright', async (orientation) => {
    // What a camera stores for an upright picture: the inverse of what the orientation asks for.
    const stored = {
      1: toSharp(SOURCE),
      2: toSharp(SOURCE).flop(),
      3: toSharp(SOURCE).rotate(180),
      4: toSharp(SOURCE).flip(),
      5: sharp(await toSharp(SOURCE).rotate(90).png().toBuffer()).flop(),
      6: toSharp(SOURCE).rotate(270),
      7: sharp(await toSharp(SOURCE).rotate(270).png().toBuffer()).flop(),
      8: toSharp(SOURCE).rotate(90),
    }[orientation];
    if (!stored) throw new Error('no such orientation');
    const upright = await decode(await stored.withMetadata({ orientation }).png().toBuffer());
    expect([upright.width, upright.height]).toEqual([36, 20]);
    expect(farthest(upright.rgb, SOURCE.rgb)).toBeLessThanOrEqual(1);
  });

  it('keeps alpha apart, and colours as they are beneath it', async () => {
    const { width, height, rgb, alpha } = gradient(9, 7, true);
    if (!alpha) throw new Error('expected alpha');
    const rgba = await toSharp({ width, height, rgb })
      .joinChannel(Buffer.from(alpha), { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    const picture = await decode(rgba);
    expect(picture.alpha).toEqual(alpha);
    expect(picture.rgb).toEqual(rgb);
  });

  it('leaves out alpha that hides nothing', async () => {
    const opaque = await toSharp(SOURCE).ensureAlpha().png().toBuffer();
    expect((await sharp(opaque).metadata()).channels).toBe(4);
    expect(await decode(opaque)).toEqual(SOURCE);
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(3 * 8 * 8, 10), Buffer.alloc(3 * 8 * 8, 240)]);
    const gif = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const picture = await decode(gif);
    expect([picture.width, picture.height]).toEqual([8, 8]);
    expect(picture.rgb[0]).toBeLessThan(40);
  });

  it('reads every size back, bit for bit through PNG', async () => {
    const side = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(side, side, async (width, height) => {
        const picture = gradient(width, height);
        expect(await decode(await toSharp(picture).png().toBuffer())).toEqual(picture);
      }),
      { numRuns: 15, seed: 3 },
    );
  });
});
