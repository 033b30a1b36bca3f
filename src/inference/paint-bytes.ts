import { decode } from '../images/decode.ts';
import { encode, type ImageFormat } from '../images/encode.ts';
import type { DecodeLimits } from '../images/limits.ts';
import type { Networks } from './network.ts';
import { type OnProgress, type StylizeOptions, stylize } from './stylize.ts';

/** What to make of an encoded picture; plain data, so that it can travel to another process. */
export interface PaintJob {
  readonly style: string;
  readonly options: StylizeOptions;
  /** Where left out: PNG for a picture with alpha, JPEG for any other. */
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
 * The whole way of a picture through a style: decode, paint, encode. Holds a stranger's bytes and blocks its thread,
 * so it belongs into a child process.
 *
 * @throws UserError of decoding (`image-…`) and `style-unknown`; what {@link stylize} and the network throw
 */
export async function paintBytes(
  networks: Networks,
  bytes: Uint8Array,
  { style, options, format: wanted }: PaintJob,
  onProgress: OnProgress = () => undefined,
  limits: Partial<DecodeLimits> = {},
): Promise<PaintedBytes> {
  const network = networks.style(style);
  const picture = await decode(bytes, limits);
  const painting = await stylize(network, picture, options, (fraction) => onProgress(0.05 + 0.9 * fraction));
  const format = wanted ?? (painting.alpha ? 'png' : 'jpeg');
  const encoded = await encode(painting, { format });
  onProgress(1);
  return {
    bytes: encoded,
    contentType: `image/${format}`,
    width: painting.width,
    height: painting.height,
  };
}
