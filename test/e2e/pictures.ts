import sharp, { type Sharp } from 'sharp';
import { expect } from 'vitest';
import { samplePhotos } from '../../src/cli/samples.ts';
import { difference, pixels } from '../cli/compare.ts';
import { LIKE, likeness } from './likeness.ts';

/** A part of a real photo that size; another part for each `nth`, so that no two are the same to the queue. */
export async function boats(nth = 0, width = 96, height = 64): Promise<Buffer> {
  const [sample] = samplePhotos();
  const photo = sharp(sample?.file);
  const { width: whole, height: tall } = await photo.metadata();
  const place = { left: 2 * nth, top: nth, width: whole - 100, height: tall - 50 };
  return photo.extract(place).resize(width, height, { fit: 'fill' }).png().toBuffer();
}

/** A photo's like that takes long to paint. */
export function largePhoto(side = 2_000): Promise<Buffer> {
  return boats(0, side, side);
}

/** Some seconds of a photo that drifts by, as GIF. */
export async function driftingBoats(frames = 4, width = 96, height = 64): Promise<Buffer> {
  const seen = await Promise.all(
    Array.from({ length: frames }, async (_, nth) => pixels(sharp(await boats(10 * nth, width, height)))),
  );
  return sharp(Buffer.concat(seen), {
    raw: { width, height: height * frames, channels: 3, pageHeight: height },
  })
    .gif({ delay: Array.from({ length: frames }, () => 120), loop: 0 })
    .toBuffer();
}

/** Fail where these bytes are no painting of every frame of the animation, in its time. */
export async function expectPaintedAnimation(
  painting: Uint8Array | undefined,
  animation: Uint8Array,
  format: 'webp' | 'gif',
): Promise<void> {
  const { pages = 0, width, pageHeight, delay, loop } = await sharp(animation, { pages: -1 }).metadata();
  expect(await sharp(painting, { pages: -1 }).metadata()).toMatchObject({
    format,
    pages,
    width,
    pageHeight,
    delay,
    loop,
  });
  for (let page = 0; page < pages; page++) {
    const [one, other] = [sharp(painting, { page }), sharp(animation, { page })];
    const frame = await sharp(await one.removeAlpha().png().toBuffer()).toBuffer();
    await expectPainting(frame, await other.removeAlpha().png().toBuffer(), 'png');
  }
}

/** Fail where these bytes are no painting of the photo: of its size, of what it shows, and not the photo itself. */
export async function expectPainting(
  painting: Uint8Array | undefined,
  photo: Uint8Array,
  format = 'jpeg',
): Promise<void> {
  const { width, height } = await sharp(photo).metadata();
  expect(await sharp(painting).metadata()).toMatchObject({ format, width, height });
  expect(await difference(sharp(painting), sharp(photo)), 'it is no longer the photo').toBeGreaterThan(8);
  await expectLikeness(sharp(painting), photo);
}

/** Fail where these bytes are not the picture made that many times larger. */
export async function expectEnlarged(
  large: Uint8Array | undefined,
  small: Uint8Array,
  factor: number,
): Promise<void> {
  const { width, height } = await sharp(small).metadata();
  const size = { width: width * factor, height: height * factor };
  expect(await sharp(large).metadata()).toMatchObject(size);
  await expectLikeness(sharp(large).resize(width, height, { fit: 'fill' }), small);
}

/** What is light in one is light in the other, and more so than where the other is turned round. */
async function expectLikeness(picture: Sharp, photo: Uint8Array): Promise<void> {
  const { upright, turned } = await likeness(picture, sharp(photo));
  expect(upright, 'it shows what the photo shows').toBeGreaterThan(LIKE);
  expect(upright).toBeGreaterThan(turned);
}
