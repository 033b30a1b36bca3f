import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeAnimation } from '../../src/images/animation.ts';
import { decode, decodeAnimation, inspect } from '../../src/images/decode.ts';
import { encode } from '../../src/images/encode.ts';
import { recode } from '../../src/images/recode.ts';
import { movingSquare } from './moving.ts';
import { farthest, gradient } from './support.ts';

describe.each(['webp', 'gif'] as const)('an animation as %s', (format) => {
  it('comes back with its frames, timing and loop', async () => {
    const animation = movingSquare(64, 40, 5);
    const back = await decodeAnimation(await encodeAnimation(animation, { format, quality: 100 }));
    expect(back).toMatchObject({ width: 64, height: 40, delays: animation.delays, loop: 3 });
    expect(back?.frames).toHaveLength(5);
    for (const [index, frame] of animation.frames.entries()) {
      const rgb = back?.frames[index]?.rgb ?? new Uint8Array();
      const mean = frame.rgb.reduce((sum, value, at) => sum + Math.abs(value - (rgb[at] ?? 0)), 0);
      expect(mean / frame.rgb.length).toBeLessThan(6);
    }
  });

  it('keeps what is transparent, and no alpha where nothing is', async () => {
    const clear = movingSquare(32, 24, 3, true);
    const back = await decodeAnimation(await encodeAnimation(clear, { format }));
    expect(back?.frames.every(({ alpha }) => alpha !== undefined)).toBe(true);
    const opaque = await decodeAnimation(await encodeAnimation(movingSquare(32, 24, 3), { format }));
    expect(opaque?.frames.every(({ alpha }) => alpha === undefined)).toBe(true);
  });

  it('may stand still for minutes: as long as can be encoded', async () => {
    const delays = [40, 600_000, 60];
    const long = { ...movingSquare(32, 24, 3), delays, loop: 70_000 };
    const back = await decodeAnimation(await encodeAnimation(long, { format }));
    expect([back?.delays[0], back?.delays[2]]).toEqual([40, 60]);
    expect(back?.delays[1]).toBeGreaterThan(65_000);
    expect(back?.loop).toBeGreaterThan(65_000);
  });

  it('is counted when it is looked at, and is its first frame where a picture is wanted', async () => {
    const animation = movingSquare(48, 32, 4);
    const bytes = await encodeAnimation(animation, { format, quality: 100 });
    expect(await inspect(bytes)).toEqual({
      contentType: `image/${format}`,
      width: 48,
      height: 32,
      frames: 4,
    });
    const first = await decode(bytes);
    const all = await decodeAnimation(bytes);
    expect(farthest(first.rgb, all?.frames[0]?.rgb ?? new Uint8Array())).toBe(0);
  });

  it('is refused beyond the limits, in words', async () => {
    const bytes = await encodeAnimation(movingSquare(48, 32, 4), { format });
    await expect(inspect(bytes, { animationPixels: 6000 })).rejects.toMatchObject({
      code: 'animation-too-large',
      userMessage: expect.stringContaining('4 frames of 48 × 32'),
      data: { frames: 4, pixels: 6000 },
    });
    await expect(decodeAnimation(bytes, { frames: 3 })).rejects.toMatchObject({
      code: 'image-too-many-frames',
    });
  });

  it('that breaks off is damaged', async () => {
    const bytes = await encodeAnimation(movingSquare(200, 120, 6), { format });
    await expect(inspect(bytes.subarray(0, bytes.length * 0.6))).rejects.toMatchObject({
      code: 'image-damaged',
    });
  });
});

describe('one picture', () => {
  it('is no animation', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif'] as const) {
      const bytes = await encode(gradient(20, 20), { format });
      expect(await decodeAnimation(bytes)).toBeUndefined();
      expect(await inspect(bytes)).toEqual({ contentType: `image/${format}`, width: 20, height: 20 });
    }
  });
});

describe('encoding anew', () => {
  it('makes an animation another, and a picture no GIF', async () => {
    const webp = await encodeAnimation(movingSquare(64, 40, 5), { format: 'webp' });
    const gif = await recode(webp, 1e6, ['jpeg', 'gif']);
    expect(gif?.contentType).toBe('image/gif');
    expect(await inspect(gif?.bytes ?? Buffer.alloc(0))).toMatchObject({ frames: 5, width: 64 });
    expect(await recode(webp, 1e6, ['jpeg'])).toBeUndefined();
    const still = await recode(await encode(gradient(30, 30), { format: 'png' }), 1e6, ['gif', 'jpeg']);
    expect(still?.contentType).toBe('image/jpeg');
  });

  it('leaves an animation’s timing as it is, and alpha that hides something', async () => {
    const clear = { ...movingSquare(32, 24, 3, true), delays: [40, 200, 1000], loop: 2 };
    const gif = await recode(await encodeAnimation(clear, { format: 'webp' }), 1e6, ['gif']);
    const back = await decodeAnimation(gif?.bytes ?? Buffer.alloc(0));
    expect(back).toMatchObject({ delays: clear.delays, loop: clear.loop });
    expect(back?.frames.every(({ alpha }) => alpha !== undefined)).toBe(true);
    const still = await encode(gradient(30, 30, true), { format: 'png' });
    expect((await recode(still, 1e6, ['jpeg', 'webp']))?.contentType).toBe('image/webp');
    const opaque = { ...gradient(30, 30), alpha: new Uint8Array(900).fill(255) };
    const png = await encode(opaque, { format: 'png' });
    expect((await sharp(png).metadata()).hasAlpha).toBe(true);
    expect((await recode(png, 1e6, ['jpeg', 'webp']))?.contentType).toBe('image/jpeg');
  });

  it('of a picture that breaks off is refused', async () => {
    const bytes = await encode(gradient(200, 200), { format: 'png' });
    await expect(recode(bytes.subarray(0, bytes.length * 0.6), 1e6, ['jpeg'])).rejects.toMatchObject({
      code: 'image-damaged',
    });
  });

  it('brings the quality of an animation down until it fits, and says where it never does', async () => {
    const noise = sharp({
      create: {
        width: 128,
        height: 128 * 4,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });
    const raw = await noise.raw().toBuffer();
    const webp = await sharp(raw, { raw: { width: 128, height: 512, channels: 3, pageHeight: 128 } })
      .webp({ quality: 100 })
      .toBuffer();
    const smaller = await recode(webp, webp.length * 0.9, ['webp']);
    expect(smaller?.bytes.length).toBeLessThanOrEqual(webp.length * 0.9);
    expect(await inspect(smaller?.bytes ?? Buffer.alloc(0))).toMatchObject({ frames: 4 });
    expect(await recode(webp, 100, ['webp', 'gif'])).toBeUndefined();
  });
});
