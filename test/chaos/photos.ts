import sharp, { type Raw } from 'sharp';
import { samplePhotos } from '../../src/cli/samples.ts';
import { randomSource } from '../../src/training/random.ts';
import type { PlannedRequest } from './plan.ts';

/** Makes the picture of a request, as JPEG: a part of a real photo, another one for each. */
export type PhotoOf = (request: Pick<PlannedRequest, 'nth' | 'width' | 'height'>) => Promise<Buffer>;

/** A part takes at least this much of the photo's sides. */
const LEAST = 0.4;

/** The deviation of its light, of 255: of a bare wall nobody could tell whether a painting shows it. */
const CONTRAST = 40;

/** Read the sample photos once. */
export async function openPhotos(seed: number): Promise<PhotoOf> {
  const samples = await Promise.all(
    samplePhotos().map(async ({ file }) => {
      const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
    }),
  );
  return async ({ nth, width, height }) => {
    const random = randomSource(seed, 3, nth);
    const sample = samples[Math.floor(random() * samples.length)];
    if (sample === undefined) throw new Error('there are no sample photos');
    const { data, raw } = sample;
    for (;;) {
      const photo = await drawn(data, raw, { width, height }, random);
      const [light] = (await sharp(photo).greyscale().stats()).channels;
      if ((light?.stdev ?? 0) >= CONTRAST) return photo;
    }
  };
}

/** A part of the photo by chance, at that size. */
async function drawn(
  data: Buffer,
  raw: Raw,
  { width, height }: Pick<PlannedRequest, 'width' | 'height'>,
  random: () => number,
): Promise<Buffer> {
  const part = (whole: number): readonly [number, number] => {
    const length = Math.floor(whole * (LEAST + (1 - LEAST) * random()));
    return [Math.floor((whole - length) * random()), length];
  };
  const [left, wide] = part(raw.width);
  const [top, high] = part(raw.height);
  return await sharp(data, { raw })
    .extract({ left, top, width: wide, height: high })
    .flop(random() < 0.5)
    .resize(width, height, { fit: 'fill' })
    .jpeg({ quality: 90 })
    .toBuffer();
}
