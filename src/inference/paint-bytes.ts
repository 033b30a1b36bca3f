import { type Animation, type AnimationFormat, encodeAnimation } from '../images/animation.ts';
import { contentTypeOf } from '../images/content-type.ts';
import { decode, decodeAnimation } from '../images/decode.ts';
import { encode, type ImageFormat } from '../images/encode.ts';
import type { DecodeLimits } from '../images/limits.ts';
import type { Picture } from '../images/picture.ts';
import { stylizeAnimation, upscaleAnimation } from './animate.ts';
import type { Networks } from './network.ts';
import type { OnProgress } from './progress.ts';
import { type StylizeOptions, stylize } from './stylize.ts';
import { upscale } from './upscale.ts';

/** What to make of an encoded picture; plain data, so that it can travel to another process. */
export type PaintJob = StylizeJob | UpscaleJob;

/** A painting in a style. */
export interface StylizeJob {
  readonly style: string;
  readonly options: StylizeOptions;
  /** Where left out: WebP for an animation, PNG for a picture with alpha, JPEG for any other. */
  readonly format?: ImageFormat;
  /** Where left out, WebP. */
  readonly animationFormat?: AnimationFormat;
}

/** The same picture, larger. */
export interface UpscaleJob {
  readonly upscaler: string;
  /** The largest result. */
  readonly megapixels: number;
  /** Where left out: WebP for an animation, PNG for a picture with alpha or a small one that came as PNG, JPEG for any other. */
  readonly format?: ImageFormat;
  /** Where left out, WebP. */
  readonly animationFormat?: AnimationFormat;
}

/** An encoded painting; sides in pixels. */
export interface PaintedBytes {
  readonly bytes: Buffer;
  readonly contentType: `image/${ImageFormat}`;
  readonly width: number;
  readonly height: number;
  /** Of an animation. */
  readonly frames?: number;
}

/**
 * The whole way of a picture, or of an animation, through a network: decode, paint or enlarge, encode. An animation whose
 * job asks for a format that holds none is its first frame. Holds a stranger's bytes and blocks its thread, so it belongs
 * into a child process.
 *
 * @throws UserError of decoding (`image-…`), `style-unknown`, `upscaler-unknown`; what {@link stylize}, {@link upscale},
 * {@link stylizeAnimation}, {@link upscaleAnimation} and the network throw
 */
export async function paintBytes(
  networks: Networks,
  bytes: Uint8Array,
  job: PaintJob,
  onProgress: OnProgress = () => undefined,
  limits: Partial<DecodeLimits> = {},
): Promise<PaintedBytes> {
  const work = workOf(networks, job);
  const told: OnProgress = (fraction) => onProgress(0.05 + 0.9 * fraction);
  const moving = animationFormatOf(job);
  const animation = moving && (await decodeAnimation(bytes, limits));
  const painted =
    moving && animation
      ? await encodedAnimation(await work.animation(animation, told), moving)
      : await encodedPicture(await work.picture(await decode(bytes, limits), told), bytes, job);
  onProgress(1);
  return painted;
}

/** In what format an animation is wanted; undefined where a picture is. */
function animationFormatOf({ format, animationFormat = 'webp' }: PaintJob): AnimationFormat | undefined {
  if (format === undefined) return animationFormat;
  return format === 'webp' || format === 'gif' ? format : undefined;
}

async function encodedAnimation(made: Animation, format: AnimationFormat): Promise<PaintedBytes> {
  const { width, height, frames } = made;
  const bytes = await encodeAnimation(made, { format });
  return { bytes, contentType: `image/${format}`, width, height, frames: frames.length };
}

async function encodedPicture(made: Picture, source: Uint8Array, job: PaintJob): Promise<PaintedBytes> {
  const { width, height } = made;
  const format = job.format ?? ((await wantsPng(made, source, job)) ? 'png' : 'jpeg');
  return { bytes: await encode(made, { format }), contentType: `image/${format}`, width, height };
}

/** What a job makes of either. */
interface Work {
  picture(picture: Picture, onProgress: OnProgress): Promise<Picture>;
  animation(animation: Animation, onProgress: OnProgress): Promise<Animation>;
}

function workOf(networks: Networks, job: PaintJob): Work {
  if ('upscaler' in job) {
    const network = networks.upscaler(job.upscaler);
    return {
      picture: (picture, onProgress) => upscale(network, picture, job.megapixels, onProgress),
      animation: (animation, onProgress) => upscaleAnimation(network, animation, job.megapixels, onProgress),
    };
  }
  const network = networks.style(job.style);
  return {
    picture: (picture, onProgress) => stylize(network, picture, job.options, onProgress),
    animation: (animation, onProgress) => stylizeAnimation(network, animation, job.options, onProgress),
  };
}

/** Above this, a PNG of a photograph takes more bytes than anybody wants. */
const SMALL_PIXELS = 4_000_000;

/** JPEG knows no longer side. */
const JPEG_SIDE = 65_500;

async function wantsPng(made: Picture, source: Uint8Array, job: PaintJob): Promise<boolean> {
  const { width, height, alpha } = made;
  if (alpha || Math.max(width, height) > JPEG_SIDE) return true;
  return 'upscaler' in job && width * height <= SMALL_PIXELS && (await contentTypeOf(source)) === 'image/png';
}
