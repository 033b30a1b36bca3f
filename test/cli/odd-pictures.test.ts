import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePhotos } from '../../src/cli/samples.ts';
import { temporaryFolder } from '../queue/support.ts';
import { difference, mean, pixels } from './compare.ts';
import { createProgram } from './program.ts';

/*
 * `impasto stylize`, as a whole process, on pictures that are good but not plain. What it should paint is known from
 * the same picture as a plain PNG: the two paintings are alike, and not if one is turned, mirrored or negative.
 */

const WIDTH = 256;
const HEIGHT = 176;
const FINE = { quality: 98 };

let folder: string;
let photo: Buffer;
const program = createProgram(() => ({ IMPASTO_STATE: folder }));

beforeAll(async () => {
  folder = temporaryFolder();
  await mkdir(join(folder, 'in'));
  const [sample] = samplePhotos();
  photo = await sharp(sample?.file).resize(WIDTH, HEIGHT, { fit: 'cover' }).png().toBuffer();
});
afterAll(async () => {
  await program.endAll();
  await rm(folder, { recursive: true });
});

/** Paint a file's bytes; the painting, as a file again. */
async function paint(bytes: Buffer, name: string, painting: string = `${name}.png`): Promise<string> {
  const [input, output] = [join(folder, 'in', name), join(folder, painting)];
  await writeFile(input, bytes);
  const part = program.run(['stylize', 'starry-night', input, '-o', output]);
  expect(await part.ended(), part.said()).toBe(0);
  return output;
}

/** A part of a photograph, upright, opaque, in colour. */
function upright(): Sharp {
  return sharp(photo);
}

/** As it is stored by a camera that was held upright: lying, with a note. */
async function portrait(): Promise<Buffer> {
  const standing = await upright().rotate(90).toBuffer();
  const lying = await sharp(standing).rotate(270).toBuffer();
  return sharp(lying).withMetadata({ orientation: 6 }).jpeg(FINE).toBuffer();
}

/** The photo, and after it a second frame that nobody should see. */
async function film(): Promise<Buffer> {
  const frames = [await upright().png().toBuffer(), await upright().negate().png().toBuffer()];
  return sharp(frames, { join: { animated: true } })
    .gif({ dither: 0 })
    .toBuffer();
}

describe('impasto stylize takes a picture as a person sees it', { timeout: 120_000 }, () => {
  it.each<[string, string, object, () => Promise<Buffer>, () => Sharp]>([
    [
      'a portrait that its EXIF orientation turns upright',
      'portrait.jpg',
      { width: WIDTH, height: HEIGHT, orientation: 6 },
      portrait,
      () => upright().rotate(90),
    ],
    [
      'a grey JPEG',
      'grey.jpg',
      { space: 'b-w', channels: 1 },
      () => upright().toColourspace('b-w').jpeg(FINE).toBuffer(),
      () => upright().greyscale(),
    ],
    [
      'a CMYK JPEG',
      'cmyk.jpg',
      { space: 'cmyk', channels: 4 },
      () => upright().toColourspace('cmyk').jpeg(FINE).toBuffer(),
      upright,
    ],
    ['the first frame of a GIF', 'film.gif', { format: 'gif', pages: 2 }, film, upright],
    [
      'a small square',
      'square.jpg',
      { width: 256, height: 256 },
      () => upright().resize(256, 256).jpeg(FINE).toBuffer(),
      () => upright().resize(256, 256),
    ],
  ])('%s', async (_, name, about, odd, plain) => {
    const bytes = await odd();
    expect(await sharp(bytes).metadata(), 'it is what the test is about').toMatchObject(about);
    const plainBytes = await plain().toColourspace('srgb').png().toBuffer();
    const { width, height } = await sharp(plainBytes).metadata();

    const painting = sharp(await paint(bytes, name));
    expect(await painting.metadata()).toMatchObject({ format: 'png', width, height });
    expect(await painting.metadata()).not.toHaveProperty('orientation');
    expect((await painting.stats()).isOpaque).toBe(true);

    const expected = sharp(await paint(plainBytes, `${name}.png`));
    const near = await difference(painting, expected);
    const turned = [expected.clone().flip(), expected.clone().flop(), expected.clone().rotate(180)];
    for (const wrong of [...turned, expected.clone().negate(), sharp(plainBytes)]) {
      expect(await difference(painting, wrong)).toBeGreaterThan(2 * near);
    }
  });
});

describe('impasto stylize leaves alpha as it is', { timeout: 120_000 }, () => {
  /** Every opacity from none, on the left, to full. */
  async function seeThrough(): Promise<{ bytes: Buffer; alpha: Buffer }> {
    const alpha = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, place) => place % WIDTH));
    const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
    const bytes = await upright().joinChannel(alpha, { raw }).png().toBuffer();
    return { bytes, alpha };
  }

  it.each(['png', 'webp'])('bit for bit, in a PNG painted to a .%s', async (format) => {
    const { bytes, alpha } = await seeThrough();
    const painting = sharp(await paint(bytes, 'glass.png', `glass.${format}`));
    expect(await painting.metadata()).toMatchObject({ format, width: WIDTH, height: HEIGHT, channels: 4 });
    expect((await painting.clone().extractChannel('alpha').raw().toBuffer()).equals(alpha)).toBe(true);
    expect(await difference(painting, sharp(bytes)), 'it is a painting').toBeGreaterThan(5);
  });

  it('or puts white behind where the format has none', async () => {
    const { bytes } = await seeThrough();
    const painting = sharp(await paint(bytes, 'glass.png', 'glass.jpg'));
    expect(await painting.metadata()).toMatchObject({ format: 'jpeg', width: WIDTH, height: HEIGHT });
    const strip = (left: number): Promise<Buffer> =>
      pixels(painting.clone().extract({ left, top: 0, width: 4, height: HEIGHT }));
    expect(mean(await strip(0))).toBeGreaterThan(245);
    expect(mean(await strip(WIDTH - 4))).toBeLessThan(230);
  });
});
