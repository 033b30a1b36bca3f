import { UserError } from '../errors.ts';
import { fineLuminance, keepColors as inColorsOf } from '../images/colour.ts';
import type { Picture } from '../images/picture.ts';
import { resize } from '../images/resample.ts';
import { blend } from './blend.ts';
import type { TransformNetwork } from './network.ts';
import { paintTiles, statisticsOf } from './paint-tiles.ts';
import { paintWhole } from './paint-whole.ts';
import type { OnProgress } from './progress.ts';
import { WORKING_SIZE, workingSizeOf } from './working-size.ts';

/** `working` paints at the working size; `full` paints every pixel of a large picture, with strokes as small as they are. */
export type Detail = 'working' | 'full';

/** How a picture becomes a painting. */
export interface StylizeOptions {
  /** How much of the painting is in the result: 0 gives the source back, 1 the whole painting. */
  readonly strength: number;
  /** True for the painting's strokes in the source's own colours. */
  readonly keepColors: boolean;
  readonly detail: Detail;
  /** Long side of the working size, in pixels; 1,536 where left out. */
  readonly workingSize?: number;
}

/**
 * How much of the luminance that shrinking lost is put back. Edges are sharp again; at 0.8 the photo's own lines begin
 * to show as scratches across the strokes.
 */
const FINE_LUMINANCE = 0.4;

/** Long side at which the statistics of a picture are taken that is painted in full detail, in pixels. */
const THUMBNAIL_SIZE = 768;

/**
 * Turn a picture into a painting. The result has the picture's size and its alpha, untouched.
 *
 * Above the working size, the painting is made small, brought back by Lanczos and given some of the source's fine
 * luminance, so that strokes are in proportion to the picture and edges still as sharp as it. In full detail, it is
 * painted tile by tile instead, by the statistics of the whole as a thumbnail has them.
 *
 * @throws UserError `strength-out-of-range`; and what the network throws
 */
export async function stylize(
  network: TransformNetwork,
  picture: Picture,
  options: StylizeOptions,
  onProgress: OnProgress = () => undefined,
): Promise<Picture> {
  checkStrength(options.strength);
  if (options.strength === 0) return picture;
  onProgress(0);
  const isLarge = Math.max(picture.width, picture.height) > (options.workingSize ?? WORKING_SIZE);
  const painting =
    options.detail === 'full' && isLarge
      ? await paintInFull(network, picture, options, (done) => onProgress(0.95 * done))
      : await paintAt(picture, options, async (small) => {
          const painted = await paintWhole(network, small);
          onProgress(0.85);
          return painted;
        });
  onProgress(1);
  return painting;
}

/**
 * Paint a picture at its working size and bring the painting back to the picture's own.
 * @param paint gives a painting of the size of what it is given
 */
export async function paintAt(
  { alpha, ...source }: Picture,
  options: StylizeOptions,
  paint: (small: Picture) => Promise<Picture>,
): Promise<Picture> {
  const size = workingSizeOf(source, options.workingSize ?? WORKING_SIZE);
  const painted = await paint(await resize(source, size.width, size.height));
  const whole = await resize(painted, source.width, source.height);
  const shrunk = size.width < source.width || size.height < source.height;
  const painting = shrunk ? await fineLuminance(whole, source, size, FINE_LUMINANCE) : whole;
  const finished = finish(painting, source, options);
  return alpha ? { ...finished, alpha } : finished;
}

async function paintInFull(
  network: TransformNetwork,
  { alpha, ...source }: Picture,
  options: StylizeOptions,
  onProgress: OnProgress,
): Promise<Picture> {
  const { width, height } = workingSizeOf(source, THUMBNAIL_SIZE);
  const statistics = await statisticsOf(network, await resize(source, width, height));
  const painting = await paintTiles(
    network,
    statistics,
    source,
    (part, below) => finish(part, below, options),
    onProgress,
  );
  return alpha ? { ...painting, alpha } : painting;
}

/** Colours and strength, pixel by pixel. */
function finish(painting: Picture, source: Picture, { keepColors, strength }: StylizeOptions): Picture {
  return blend(keepColors ? inColorsOf(painting, source) : painting, source, strength);
}

/** @throws UserError `strength-out-of-range` */
export function checkStrength(strength: number): void {
  if (strength >= 0 && strength <= 1) return;
  throw new UserError('strength-out-of-range', 'The strength must be a number from 0 to 1, such as 0.7.', {
    data: { strength },
  });
}
