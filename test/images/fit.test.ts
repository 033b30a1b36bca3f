import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/images/encode.ts';
import { encodeWithin, type Fitted, type LossyFormat } from '../../src/images/fit.ts';
import { toSharp } from '../../src/images/interleaved.ts';
import type { Picture } from '../../src/images/picture.ts';

/** A picture that no format makes small: noise, the same each time. */
function noise(width: number, height: number, alpha = false): Picture {
  let state = 1;
  const bytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state >>> 16;
    });
  const rgb = bytes(width * height * 3);
  return alpha ? { width, height, rgb, alpha: bytes(width * height) } : { width, height, rgb };
}

function fitted(
  picture: Picture,
  limit: number,
  formats?: readonly LossyFormat[],
): Promise<Fitted | undefined> {
  const { width, height, alpha } = picture;
  const opener = { width, height, alpha: alpha !== undefined, open: () => toSharp(picture) };
  return encodeWithin(opener, limit, formats);
}

describe('fitting a picture into bytes', () => {
  it('takes the best quality that fits', async () => {
    const picture = noise(128, 128);
    const best = await encode(picture, { format: 'jpeg', quality: 95 });
    const ample = await fitted(picture, best.length);
    expect(ample?.bytes.equals(best)).toBe(true);
    const tight = await fitted(picture, best.length - 1);
    expect(tight?.bytes.length).toBeLessThan(best.length);
    expect((await sharp(tight?.bytes).metadata()).width).toBe(128);
  });

  it('keeps alpha, so such a picture is a WebP', async () => {
    const made = await fitted(noise(32, 32, true), 1_000_000);
    expect(made?.contentType).toBe('image/webp');
    expect((await sharp(made?.bytes).metadata()).hasAlpha).toBe(true);
  });

  it('keeps alpha in fewer colours where no other format may be taken', async () => {
    const picture = noise(64, 64, true);
    const whole = await encode(picture, { format: 'png' });
    const made = await fitted(picture, whole.length - 1, ['jpeg', 'png']);
    expect(made?.contentType).toBe('image/png');
    expect(made?.bytes.length).toBeLessThan(whole.length);
    expect(await sharp(made?.bytes).metadata()).toMatchObject({ hasAlpha: true, width: 64, height: 64 });
  });

  it('lays white behind what is transparent where it is told to', async () => {
    const clear = { ...noise(16, 16), alpha: new Uint8Array(256) };
    const made = await fitted(clear, 1_000_000, ['flat-jpeg']);
    expect(made?.contentType).toBe('image/jpeg');
    const { channels } = await sharp(made?.bytes).stats();
    expect(channels.map(({ min }) => min)).toEqual([255, 255, 255]);
  });

  it.each([
    ['long', 16_384, 2],
    ['large', 5001, 5001],
  ])('takes no WebP for a picture that is too %s for one', async (_, width, height) => {
    const opener = { width, height, alpha: false, open: () => toSharp(noise(16, 16)) };
    expect((await encodeWithin(opener, 1_000_000, ['webp', 'jpeg']))?.contentType).toBe('image/jpeg');
    expect(await encodeWithin(opener, 1_000_000, ['webp'])).toBeUndefined();
  });

  it('makes of a large picture a JPEG or nothing', async () => {
    const large = { width: 5001, height: 5001, alpha: true, open: () => toSharp(noise(16, 16, true)) };
    expect(await encodeWithin(large, 1_000_000, ['jpeg', 'webp', 'png'])).toBeUndefined();
    expect((await encodeWithin(large, 1_000_000, ['flat-jpeg']))?.contentType).toBe('image/jpeg');
  });

  it('says so where nothing fits, or no format may be taken', async () => {
    expect(await fitted(noise(128, 128), 100)).toBeUndefined();
    expect(await fitted(noise(32, 32, true), 1_000_000, ['jpeg'])).toBeUndefined();
  });
});
