import { UserError } from '../errors.ts';
import { type ContentType, contentTypeOf } from './content-type.ts';
import { openStrictly } from './door.ts';
import { fromInterleaved } from './interleaved.ts';
import { checkBytes, checkDeclared, DECODE_LIMITS, type DecodeLimits } from './limits.ts';
import type { Picture } from './picture.ts';

/**
 * Decode a stranger's file: JPEG, PNG, WebP, or the first frame of a GIF. EXIF orientation is applied, ICC profiles and
 * CMYK are converted to sRGB, grey becomes red = green = blue, 16 bits become 8. Alpha that hides nothing is left out.
 *
 * @throws UserError `image-empty`, `image-file-too-large`, `image-not-an-image`, `image-format-unsupported`,
 * `image-too-large`, `image-too-many-frames`, `image-damaged`
 */
export async function decode(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Picture> {
  return (await open(bytes, limits)).picture;
}

/** What a picture is, upright, once all of it has been decoded. */
export interface Inspection {
  readonly contentType: ContentType;
  readonly width: number;
  readonly height: number;
}

/** Decode a stranger's file only to know what it is. @throws UserError as `decode` does */
export async function inspect(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Inspection> {
  const { contentType, picture } = await open(bytes, limits);
  return { contentType, width: picture.width, height: picture.height };
}

async function open(
  bytes: Uint8Array,
  partial: Partial<DecodeLimits>,
): Promise<{ contentType: ContentType; picture: Picture }> {
  const limits = { ...DECODE_LIMITS, ...partial };
  checkBytes(bytes, limits);
  const contentType = await contentTypeOf(bytes);
  const { width, height, pages = 1 } = await openStrictly(bytes, false).metadata().catch(damaged);
  checkDeclared({ width, height, frames: pages }, limits);
  const { data, info } = await openStrictly(bytes, limits.pixels)
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(damaged);
  return { contentType, picture: withoutOpaqueAlpha(fromInterleaved(data, info)) };
}

/** Screenshots and GIFs often carry alpha for nothing, which would make large PNGs of their paintings. */
function withoutOpaqueAlpha({ alpha, ...picture }: Picture): Picture {
  return alpha?.some((value) => value < 255) ? { ...picture, alpha } : picture;
}

function damaged(cause: unknown): never {
  throw new UserError(
    'image-damaged',
    'The picture is damaged or incomplete. Open it, save it again, and send that.',
    { cause },
  );
}
