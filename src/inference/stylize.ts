import { UserError } from '../errors.ts';
import { fineLuminance, keepColors } from '../images/colour.ts';
import type { Picture } from '../images/picture.ts';
import { resize } from '../images/resample.ts';
import { blend } from './blend.ts';
import type { TransformNetwork } from './network.ts';
import { paintSpun } from './spin.ts';
import { WORKING_SIZE, workingSizeOf } from './working-size.ts';

/** How a picture becomes a painting. */
export interface StylizeOptions {
  /** How much of the painting is in the result: 0 gives the source back, 1 the whole painting. */
  readonly strength: number;
  /** True for the painting's strokes in the source's own colours. */
  readonly keepColors: boolean;
  /** `working` paints at the working size; `full` paints every pixel of a large picture. */
  readonly detail: 'working' | 'full';
  /** Long side of the working size, in pixels; 1,536 where left out. */
  readonly workingSize?: number;
}

/**
 * How much of the luminance that shrinking lost is put back. Edges are sharp again; at 0.8 the photo's own lines begin
 * to show as scratches across the strokes.
 */
const FINE_LUMINANCE = 0.4;

/** How far a picture is, 0 to 1. A run of the network is one step, so most of the time passes at few fractions. */
export type OnProgress = (fraction: number) => void;

/**
 * Turn a picture into a painting. The result has the picture's size and its alpha, untouched.
 *
 * Above the working size, the painting is made small, brought back by Lanczos and given some of the source's fine
 * luminance, so that strokes are in proportion to the picture and edges still as sharp as it.
 *
 * @throws UserError `strength-out-of-range`, `detail-full-unavailable`; and what the network throws
 */
export async function stylize(
  network: TransformNetwork,
  picture: Picture,
  options: StylizeOptions,
  onProgress: OnProgress = () => undefined,
): Promise<Picture> {
  check(options);
  if (options.strength === 0) return picture;
  const { alpha, ...source } = picture;
  const size = workingSizeOf(source, options.workingSize ?? WORKING_SIZE);
  onProgress(0);
  const small = await resize(source, size.width, size.height);
  onProgress(0.05);
  const painted = await paintSpun(network, small, (done) => onProgress(0.05 + 0.8 * done));
  const whole = await resize(painted, source.width, source.height);
  const shrunk = size.width < source.width || size.height < source.height;
  const painting = shrunk ? await fineLuminance(whole, source, size, FINE_LUMINANCE) : whole;
  const coloured = options.keepColors ? keepColors(painting, source) : painting;
  onProgress(0.95);
  const blended = blend(coloured, source, options.strength);
  onProgress(1);
  return alpha ? { ...blended, alpha } : blended;
}

function check({ strength, detail }: StylizeOptions): void {
  if (!(strength >= 0 && strength <= 1)) {
    throw new UserError('strength-out-of-range', 'The strength must be a number from 0 to 1, such as 0.7.', {
      data: { strength },
    });
  }
  if (detail === 'full') {
    throw new UserError(
      'detail-full-unavailable',
      'Full detail needs painting by tiles, which is not there yet. Leave the detail at “working”.',
    );
  }
}
