import type { Sharp } from 'sharp';
import { toSharp } from './interleaved.ts';
import type { Picture, Size } from './picture.ts';

/** What can be encoded. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif';

/** 1 (worst) to 100, for the lossy formats. */
const QUALITY = 92;

/** In pixels. To fit a JPEG's code to a picture, the encoder holds all of it in a form of 6 bytes a pixel. */
const MOST_OPTIMISED = 8e6;

/** How to encode. */
export interface Encoding {
  readonly format: ImageFormat;
  readonly quality?: number;
  /** Of a PNG: in 256 colours at most, alpha included. */
  readonly palette?: boolean;
}

/**
 * Encode as sRGB without any metadata. PNG, WebP and GIF keep alpha; JPEG, which has none, gets white behind. JPEG keeps
 * colours at full size (4:4:4): strokes are coloured edges.
 */
export function encode(picture: Picture, encoding: Encoding): Promise<Buffer> {
  return encodeImage(toSharp(picture), picture, encoding);
}

/** The same of a picture that sharp has opened. */
export function encodeImage(
  image: Sharp,
  { width, height }: Size,
  { format, quality = QUALITY, palette = false }: Encoding,
): Promise<Buffer> {
  if (format === 'gif') return image.gif().toBuffer();
  if (format === 'png') return image.png({ palette }).toBuffer();
  if (format === 'webp') return image.webp({ quality, smartSubsample: true }).toBuffer();
  const optimiseCoding = width * height <= MOST_OPTIMISED;
  return image
    .flatten({ background: '#ffffff' })
    .jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding })
    .toBuffer();
}
