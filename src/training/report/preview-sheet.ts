import sharp, { type OverlayOptions } from 'sharp';
import type { Picture } from '../../images/picture.ts';
import { escapeXml } from './chart.ts';

/** Pictures that belong together, such as a photo and what became of it, left to right. */
export interface SheetRow {
  readonly label: string;
  readonly pictures: readonly Picture[];
}

const GAP = 10;
const LABEL_HEIGHT = 26;

/**
 * A contact sheet: rows of pictures under their labels, every picture of a row brought to the same height.
 *
 * @param height of the pictures in pixels
 * @returns a PNG
 * @throws RangeError where there is no picture at all
 */
export async function previewSheet(rows: readonly SheetRow[], height = 256): Promise<Buffer> {
  const placed: OverlayOptions[] = [];
  let [right, top] = [0, GAP];
  for (const { label, pictures } of rows) {
    if (pictures.length === 0) continue;
    const labelAt = { left: GAP, top };
    let left = GAP;
    for (const picture of pictures) {
      const width = Math.max(1, Math.round((picture.width * height) / picture.height));
      placed.push({ input: await fitted(picture, width, height), left, top: top + LABEL_HEIGHT });
      left += width + GAP;
    }
    placed.push({ input: labelImage(label, left - 2 * GAP), ...labelAt });
    right = Math.max(right, left);
    top += LABEL_HEIGHT + height + GAP;
  }
  if (right === 0) throw new RangeError('expected at least one picture');
  const sheet = sharp({ create: { width: right, height: top, channels: 3, background: 'white' } });
  return sheet.composite(placed).png().toBuffer();
}

function fitted(picture: Picture, width: number, height: number): Promise<Buffer> {
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  return sharp(picture.rgb, { raw })
    .resize({ width, height, fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function labelImage(label: string, width: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${LABEL_HEIGHT}">` +
      `<text x="0" y="18" font-family="sans-serif" font-size="15" fill="#333">${escapeXml(label)}</text></svg>`,
  );
}
