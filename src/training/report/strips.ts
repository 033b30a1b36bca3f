import sharp from 'sharp';
import { toSharp } from '../../images/interleaved.ts';
import type { Picture } from '../../images/picture.ts';
import { crop } from '../../images/resample.ts';
import type { TextLook } from '../evaluate-text.ts';
import { previewSheet, type SheetRow } from './preview-sheet.ts';

/** Of the parts that strips show, in pixels of the truth. */
export const STRIP_SIDE = 144;
const TEXT_PART = { width: 240, height: 88 } as const;

/** Sizes of letters that strips show: of each one picture, on either ground by turns. */
const SHOWN = [8, 11, 14];

/** Rows of pictures as a WebP that is small enough to be committed. */
export async function stripSheet(rows: readonly SheetRow[], height: number): Promise<Buffer> {
  return sharp(await previewSheet(rows, height))
    .webp({ quality: 82, smartSubsample: true })
    .toBuffer();
}

/** A small picture with every pixel as a square of `factor` pixels: what there was to see. */
export async function blocks(picture: Picture, factor: number): Promise<Picture> {
  const [width, height] = [picture.width * factor, picture.height * factor];
  const rgb = await toSharp(picture)
    .resize({ width, height, fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer();
  return { width, height, rgb };
}

/** Strips of text by how it was made small: input, Lanczos, network, truth. */
export async function textStrips(looks: readonly TextLook[]): Promise<{ degraded: string; webp: Buffer }[]> {
  const kinds = [...new Set(looks.map(({ degraded }) => degraded))];
  return Promise.all(
    kinds.map(async (degraded) => {
      const shown = looks.filter(
        ({ degraded: kind, sheet: { pixels, ground } }) =>
          kind === degraded &&
          SHOWN.includes(pixels) &&
          (ground === 'dark') === (SHOWN.indexOf(pixels) === 1),
      );
      const rows = await Promise.all(
        shown.map(async ({ sheet, low, lanczos, enlarged, truth }) => {
          const input = await blocks(low, truth.width / low.width);
          const pictures = [input, lanczos, enlarged, truth].map((picture) => topLeft(picture));
          return { label: `${sheet.name}, ${degraded}: input, Lanczos, network, truth`, pictures };
        }),
      );
      return { degraded, webp: await stripSheet(rows, TEXT_PART.height) };
    }),
  );
}

function topLeft(picture: Picture): Picture {
  const width = Math.min(TEXT_PART.width, picture.width);
  return crop(picture, { left: 0, top: 0, width, height: Math.min(TEXT_PART.height, picture.height) });
}
