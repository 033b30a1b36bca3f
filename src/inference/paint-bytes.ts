import { contentTypeOf } from '../images/content-type.ts';
import { decode } from '../images/decode.ts';
import { encode, type ImageFormat } from '../images/encode.ts';
import type { DecodeLimits } from '../images/limits.ts';
import type { Picture } from '../images/picture.ts';
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
  /** Where left out: PNG for a picture with alpha, JPEG for any other. */
  readonly format?: ImageFormat;
}

/** The same picture, larger. */
export interface UpscaleJob {
  readonly upscaler: string;
  /** The largest result. */
  readonly megapixels: number;
  /** Where left out: PNG for a picture with alpha or a small one that came as PNG, JPEG for any other. */
  readonly format?: ImageFormat;
}

/** An encoded painting; sides in pixels. */
export interface PaintedBytes {
  readonly bytes: Buffer;
  readonly contentType: `image/${ImageFormat}`;
  readonly width: number;
  readonly height: number;
}

/**
 * The whole way of a picture through a network: decode, paint or enlarge, encode. Holds a stranger's bytes and blocks its
 * thread, so it belongs into a child process.
 *
 * @throws UserError of decoding (`image-…`), `style-unknown`, `upscaler-unknown`; what {@link stylize}, {@link upscale} and
 * the network throw
 */
export async function paintBytes(
  networks: Networks,
  bytes: Uint8Array,
  job: PaintJob,
  onProgress: OnProgress = () => undefined,
  limits: Partial<DecodeLimits> = {},
): Promise<PaintedBytes> {
  const work = workOf(networks, job);
  const picture = await decode(bytes, limits);
  const made = await work(picture, (fraction) => onProgress(0.05 + 0.9 * fraction));
  const format = job.format ?? ((await wantsPng(made, bytes, job)) ? 'png' : 'jpeg');
  const encoded = await encode(made, { format });
  onProgress(1);
  return {
    bytes: encoded,
    contentType: `image/${format}`,
    width: made.width,
    height: made.height,
  };
}

type Work = (picture: Picture, onProgress: OnProgress) => Promise<Picture>;

function workOf(networks: Networks, job: PaintJob): Work {
  if ('upscaler' in job) {
    const network = networks.upscaler(job.upscaler);
    return (picture, onProgress) => upscale(network, picture, job.megapixels, onProgress);
  }
  const network = networks.style(job.style);
  return (picture, onProgress) => stylize(network, picture, job.options, onProgress);
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
