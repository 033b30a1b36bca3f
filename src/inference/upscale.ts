import { UserError } from '../errors.ts';
import type { Picture } from '../images/picture.ts';
import { resize } from '../images/resample.ts';
import { bled } from './bleed.ts';
import type { OnProgress } from './progress.ts';
import { enlarge, type UpscaleNetwork } from './tiles.ts';

/** The largest result, in megapixels, where nobody sets another. */
export const UPSCALE_MEGAPIXELS = 64;

/**
 * Make a picture larger. Colours go through the network; alpha, where there is any, is enlarged by Lanczos.
 *
 * @param megapixels the largest result
 * @throws UserError `upscale-too-large`, whose data tells the result's width and height, the limit in pixels, the source's
 * size and the long side that would do; and what the network throws
 */
export async function upscale(
  network: UpscaleNetwork,
  picture: Picture,
  megapixels: number = UPSCALE_MEGAPIXELS,
  onProgress: OnProgress = () => undefined,
): Promise<Picture> {
  checkSize(picture, network.factor, megapixels);
  onProgress(0);
  return enlargePicture(network, picture, onProgress);
}

/** The same, of whatever size the result may be. */
export async function enlargePicture(
  network: UpscaleNetwork,
  picture: Picture,
  onProgress?: OnProgress,
): Promise<Picture> {
  const enlarged = await enlarge(network, bled(picture), onProgress);
  if (!picture.alpha) return enlarged;
  const { alpha } = await resize(picture, enlarged.width, enlarged.height);
  return alpha ? { ...enlarged, alpha } : enlarged;
}

function checkSize({ width, height }: Picture, factor: number, megapixels: number): void {
  const wide = width * factor;
  const high = height * factor;
  if (wide * high <= megapixels * 1e6) return;
  const side = Math.floor(
    Math.sqrt((megapixels * 1e6) / factor ** 2 / (width * height)) * Math.max(width, height),
  );
  throw new UserError(
    'upscale-too-large',
    `This picture has ${width} × ${height} pixels; ×${factor} would make it ${wide} × ${high}, and up to ${megapixels} ` +
      `megapixels can be made. Send it with at most ${side} pixels on its long side.`,
    {
      data: {
        width: wide,
        height: high,
        pixels: megapixels * 1e6,
        factor,
        sourceWidth: width,
        sourceHeight: height,
        side,
      },
    },
  );
}
