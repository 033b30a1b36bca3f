import { toSharp } from './interleaved.ts';
import type { Picture } from './picture.ts';

/** What can be encoded. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif';

/** 1 (worst) to 100, for the lossy formats. */
const QUALITY = 92;

/** In pixels. To fit a JPEG's code to a picture, the encoder holds all of it in a form of 6 bytes a pixel. */
const MOST_OPTIMISED = 8e6;

/**
 * Encode as sRGB without any metadata. PNG, WebP and GIF keep alpha; JPEG, which has none, gets white behind. JPEG keeps
 * colours at full size (4:4:4): strokes are coloured edges.
 */
export async function encode(
  picture: Picture,
  {
    format,
    quality = QUALITY,
    palette = false,
  }: {
    readonly format: ImageFormat;
    readonly quality?: number;
    /** Of a PNG: in 256 colours at most, alpha included. */
    readonly palette?: boolean;
  },
): Promise<Buffer> {
  const image = toSharp(picture);
  if (format === 'gif') return image.gif().toBuffer();
  if (format === 'png') return image.png({ palette }).toBuffer();
  if (format === 'webp') return image.webp({ quality, smartSubsample: true }).toBuffer();
  const optimiseCoding = picture.width * picture.height <= MOST_OPTIMISED;
  return image
    .flatten({ background: '#ffffff' })
    .jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding })
    .toBuffer();
}
