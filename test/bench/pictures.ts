import sharp from 'sharp';
import { samplePhotos } from '../../src/cli/samples.ts';

/** A real photo of that size, as JPEG; another part of it for each `nth`. */
export async function photo(width: number, height: number, nth = 0): Promise<Buffer> {
  const [sample] = samplePhotos();
  const source = sharp(sample?.file);
  const { width: whole, height: tall } = await source.metadata();
  const [left, top] = [nth % 90, Math.floor(nth / 90) % 45];
  return source
    .extract({ left, top, width: whole - 100, height: tall - 50 })
    .resize(width, height, { fit: 'fill' })
    .jpeg({ quality: 90 })
    .toBuffer();
}
