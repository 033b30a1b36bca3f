import { cropToMultiple, resizeBicubic } from '../images/bicubic.ts';
import type { Picture } from '../images/picture.ts';
import { psnr } from '../images/psnr.ts';
import { resize, withoutBorder } from '../images/resample.ts';
import { ssim } from '../images/ssim.ts';
import { enlarge, type UpscaleNetwork } from '../inference/tiles.ts';
import type { PerceptualDistance } from './perceptual-distance.ts';
import type { Degradation } from './photos/degrade.ts';
import { pairOf } from './photos/pairs.ts';

/** What is measured of one enlarged picture. */
export interface UpscaleScores {
  /** Decibels, on the luma of BT.601. */
  readonly psnrY: number;
  readonly ssimY: number;
  /** Decibels, over all three channels. */
  readonly psnrRgb: number;
  readonly perceptualDistance: number;
  readonly relu4_3: number;
}

/** What a network, or a kernel, comes to on a set of pictures: means, and the same of each picture. */
export interface UpscaleEvaluation extends UpscaleScores {
  readonly network: string;
  readonly set: string;
  /** How it was measured, in a sentence. */
  readonly protocol: string;
  readonly secondsPerImage: number;
  readonly images: readonly (UpscaleScores & { readonly name: string; readonly seconds: number })[];
}

/** Makes a picture larger: by a network, or by a kernel. */
export interface Enlarger {
  readonly name: string;
  readonly factor: number;
  enlarge(picture: Picture): Promise<Picture>;
}

/** What is enlarged, and how it was made small. */
export interface UpscaleEvaluationInit {
  readonly enlarger: Enlarger;
  readonly set: string;
  readonly pictures: readonly { readonly name: string; readonly picture: Picture }[];
  readonly degradation: Degradation;
  /** Of JPEG, 1–100, for the degradation `jpeg`. */
  readonly quality: number;
  readonly distance: PerceptualDistance;
  readonly onImage?: (name: string, scores: UpscaleScores) => void;
}

/** Measure on every picture; results are rounded to 8 bits, as they are served. */
export async function evaluateUpscale(init: UpscaleEvaluationInit): Promise<UpscaleEvaluation> {
  const { enlarger, degradation, quality, distance } = init;
  const { factor } = enlarger;
  const images: (UpscaleScores & { name: string; seconds: number })[] = [];
  for (const { name, picture } of init.pictures) {
    const { low, high } = await pairOf(cropToMultiple(picture, factor), { factor, degradation }, quality);
    const began = performance.now();
    const enlarged = await enlarger.enlarge(low);
    const seconds = (performance.now() - began) / 1000;
    const [ours, truth] = [withoutBorder(enlarged, factor), withoutBorder(high, factor)];
    const scores = {
      psnrY: psnr(ours, truth, 'y'),
      ssimY: ssim(ours, truth),
      psnrRgb: psnr(ours, truth, 'rgb'),
      ...(await distance.between(ours, truth)),
    };
    images.push({ name, ...scores, seconds });
    init.onImage?.(name, scores);
  }
  const mean = (key: keyof UpscaleScores | 'seconds'): number =>
    images.reduce((sum, image) => sum + image[key], 0) / images.length;
  return {
    network: enlarger.name,
    set: init.set,
    protocol: protocolOf(init),
    psnrY: mean('psnrY'),
    ssimY: mean('ssimY'),
    psnrRgb: mean('psnrRgb'),
    perceptualDistance: mean('perceptualDistance'),
    relu4_3: mean('relu4_3'),
    secondsPerImage: mean('seconds'),
    images,
  };
}

/** How it is measured, so that the figures can be read without the source. */
export function protocolOf({
  enlarger: { factor },
  degradation,
  quality,
}: Pick<UpscaleEvaluationInit, 'enlarger' | 'degradation' | 'quality'>): string {
  const made = {
    bicubic: 'bicubic (antialiased, a = -0.5, as Matlab)',
    paper: 'Gaussian of sigma 1, then bicubic (antialiased, a = -0.5, as Matlab)',
    jpeg: `bicubic (antialiased, a = -0.5, as Matlab), then JPEG of quality ${quality}, 4:2:0`,
  }[degradation];
  return (
    `x${factor}; made small by ${made}; truth cropped to a multiple of ${factor}, results rounded to 8 bits, a border of ` +
    `${factor} pixels left out; Y: BT.601, 16-235, unrounded; SSIM: 11 x 11 Gaussian of sigma 1.5; perceptual distance: mean ` +
    'squared difference of channel-normalised features, over relu1_2, relu2_2, relu3_3 and relu4_3'
  );
}

/** An enlarger that knows nothing: `bicubic` as Matlab's, `lanczos` as sharp's. */
export function kernelEnlarger(name: 'bicubic' | 'lanczos', factor: number): Enlarger {
  return {
    name,
    factor,
    enlarge: async (picture) => {
      const [width, height] = [picture.width * factor, picture.height * factor];
      return name === 'bicubic' ? resizeBicubic(picture, width, height) : resize(picture, width, height);
    },
  };
}

/** A network as an enlarger. */
export function networkEnlarger(name: string, network: UpscaleNetwork): Enlarger {
  return { name, factor: network.factor, enlarge: (picture) => enlarge(network, picture) };
}
