import { UserError } from '../errors.ts';
import type { Animation } from '../images/animation.ts';
import type { Picture } from '../images/picture.ts';
import { resize } from '../images/resample.ts';
import type { TransformNetwork } from './network.ts';
import { paintTiles, statisticsOf } from './paint-tiles.ts';
import type { OnProgress } from './progress.ts';
import { checkStrength, paintAt, type StylizeOptions } from './stylize.ts';
import type { UpscaleNetwork } from './tiles.ts';
import { enlargePicture } from './upscale.ts';
import { workingSizeOf } from './working-size.ts';

/** How many frames, spread over an animation, tell the statistics by which all of it is painted. */
const TELLING_FRAMES = 4;

/** Long side of each of these, in pixels. */
const TELLING_SIZE = 512;

/**
 * Paint an animation. All frames are painted by the same statistics, so that nothing flickers for what happens elsewhere:
 * a pixel changes only where something within the network's reach does. Timing, loop and alpha are kept.
 *
 * @param onProgress told after each frame
 * @throws UserError `strength-out-of-range`; and what the network throws
 */
export async function stylizeAnimation(
  network: TransformNetwork,
  animation: Animation,
  options: StylizeOptions,
  onProgress: OnProgress = () => undefined,
): Promise<Animation> {
  checkStrength(options.strength);
  if (options.strength === 0) return animation;
  const statistics = await statisticsOf(network, await tellingPicture(animation));
  return eachFrame(
    animation,
    (frame) => paintAt(frame, options, (small) => paintTiles(network, statistics, small)),
    onProgress,
  );
}

/**
 * Make an animation larger, frame by frame. Timing and loop are kept.
 *
 * @param megapixels of all frames of the result together
 * @param onProgress told after each frame
 * @throws UserError `animation-result-too-large`; and what the network throws
 */
export async function upscaleAnimation(
  network: UpscaleNetwork,
  animation: Animation,
  megapixels: number,
  onProgress: OnProgress = () => undefined,
): Promise<Animation> {
  checkResult(animation, network.factor, megapixels);
  return eachFrame(animation, (frame) => enlargePicture(network, frame), onProgress);
}

async function eachFrame(
  animation: Animation,
  work: (frame: Picture) => Promise<Picture>,
  onProgress: OnProgress,
): Promise<Animation> {
  const made: Picture[] = [];
  onProgress(0);
  for (const [index, frame] of animation.frames.entries()) {
    const before = animation.frames[index - 1];
    const same = before !== undefined && isSame(before, frame) ? made[index - 1] : undefined;
    made.push(same ?? (await work(frame)));
    onProgress((index + 1) / animation.frames.length);
  }
  const { width = animation.width, height = animation.height } = made[0] ?? {};
  return { ...animation, width, height, frames: made };
}

function isSame(one: Picture, other: Picture): boolean {
  const equal = (a: Uint8Array = EMPTY, b: Uint8Array = EMPTY): boolean => Buffer.compare(a, b) === 0;
  return equal(one.rgb, other.rgb) && equal(one.alpha, other.alpha);
}

const EMPTY = new Uint8Array(0);

/** Some of the frames below each other, as one picture. */
async function tellingPicture({ frames }: Animation): Promise<Picture> {
  const count = Math.min(frames.length, TELLING_FRAMES);
  const chosen = Array.from(
    { length: count },
    (_, index) => frames[Math.floor((index * frames.length) / count)],
  );
  const small = await Promise.all(
    chosen
      .filter((frame) => frame !== undefined)
      .map(({ alpha: _, ...frame }) => {
        const { width, height } = workingSizeOf(frame, TELLING_SIZE);
        return resize(frame, width, height);
      }),
  );
  const { width = 0, height = 0 } = small[0] ?? {};
  return { width, height: height * small.length, rgb: Buffer.concat(small.map(({ rgb }) => rgb)) };
}

function checkResult({ width, height, frames }: Animation, factor: number, megapixels: number): void {
  const [wide, high] = [width * factor, height * factor];
  if (wide * high * frames.length <= megapixels * 1e6) return;
  throw new UserError(
    'animation-result-too-large',
    `The animation would have ${frames.length} frames of ${wide} × ${high} pixels; up to ${megapixels} megapixels in all ` +
      'can be made. Send a shorter or smaller one.',
    { data: { width: wide, height: high, frames: frames.length, pixels: megapixels * 1e6 } },
  );
}
