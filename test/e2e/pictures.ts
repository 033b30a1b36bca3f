import sharp, { type Sharp } from 'sharp';
import { expect } from 'vitest';
import { samplePhotos } from '../../src/cli/samples.ts';
import { difference } from '../cli/compare.ts';

/** A part of a real photo that size; another part for each `nth`, so that no two are the same to the queue. */
export async function boats(nth = 0, width = 96, height = 64): Promise<Buffer> {
  const [sample] = samplePhotos();
  const place = { left: 7 * nth, top: 3 * nth, width: 480, height: 320 };
  return sharp(sample?.file).extract(place).resize(width, height, { fit: 'fill' }).png().toBuffer();
}

/** A photo's like that takes long to paint. */
export function largePhoto(side = 2_000): Promise<Buffer> {
  return boats(0, side, side);
}

/** Fail where these bytes are no painting of the photo: of its size, of what it shows, and not the photo itself. */
export async function expectPainting(
  painting: Uint8Array | undefined,
  photo: Uint8Array,
  format = 'png',
): Promise<void> {
  const { width, height } = await sharp(photo).metadata();
  expect(await sharp(painting).metadata()).toMatchObject({ format, width, height });
  const changed = await difference(sharp(painting), sharp(photo));
  expect(changed, 'it is no longer the photo').toBeGreaterThan(8);
  expect(await difference(sharp(painting), turned(photo)), 'it shows what the photo shows').toBeGreaterThan(
    changed,
  );
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
  const back = sharp(await sharp(large).resize(width, height, { fit: 'fill' }).png().toBuffer());
  const changed = await difference(back.clone(), sharp(small));
  expect(await difference(back, turned(small)), 'it shows what the picture shows').toBeGreaterThan(changed);
}

function turned(photo: Uint8Array): Sharp {
  return sharp(photo).rotate(180);
}
