import sharp from 'sharp';
import { resizeBicubic } from '../../images/bicubic.ts';
import { fromInterleaved, toSharp } from '../../images/interleaved.ts';
import type { Picture } from '../../images/picture.ts';
import { blur } from '../../images/resample.ts';

/**
 * How a small picture is made of its large truth: `bicubic` as Matlab does, `paper` with a Gaussian of σ = 1 before, `jpeg`
 * bicubic and then compressed.
 */
export const DEGRADATIONS = ['bicubic', 'paper', 'jpeg'] as const;

/** One of `DEGRADATIONS`. */
export type Degradation = (typeof DEGRADATIONS)[number];

/** The paper's σ, in pixels of the truth. */
const PAPER_SIGMA = 1;

/** A truth, whose sides are multiples of `factor`, made so many times smaller; compression is left to `compressed`. */
export async function shrunk(truth: Picture, factor: number, degradation: Degradation): Promise<Picture> {
  const { width, height } = truth;
  const source = degradation === 'paper' ? await blur(truth, PAPER_SIGMA) : truth;
  return resizeBicubic(source, width / factor, height / factor);
}

/** What JPEG of a quality (1 to 100) leaves of a picture. */
export async function compressed(
  picture: Picture,
  quality: number,
  chromaSubsampling: '4:2:0' | '4:4:4' = '4:2:0',
): Promise<Picture> {
  const bytes = await toSharp(picture).jpeg({ quality, chromaSubsampling }).toBuffer();
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return fromInterleaved(data, info);
}
