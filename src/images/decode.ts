import type { OutputInfo, Sharp } from 'sharp';
import { UserError } from '../errors.ts';
import type { Animation } from './animation.ts';
import { type ContentType, contentTypeOf } from './content-type.ts';
import { openStrictly } from './door.ts';
import { fromInterleaved } from './interleaved.ts';
import { checkBytes, checkDeclared, DECODE_LIMITS, type DecodeLimits } from './limits.ts';
import type { Picture } from './picture.ts';

/**
 * Decode a stranger's file: JPEG, PNG, WebP, or GIF; of an animation the first frame. EXIF orientation is applied, ICC
 * profiles and CMYK are converted to sRGB, grey becomes red = green = blue, 16 bits become 8. Alpha that hides nothing is
 * left out.
 *
 * @throws UserError `image-empty`, `image-file-too-large`, `image-not-an-image`, `image-format-unsupported`,
 * `image-too-large`, `image-too-many-frames`, `animation-too-large`, `image-damaged`
 */
export async function decode(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Picture> {
  return decodeFirst(await examine(bytes, limits));
}

/**
 * Decode all frames of an animated GIF or WebP; undefined where the file holds one picture only. (Of an animated PNG the
 * first frame is all that can be read.)
 * @throws UserError as `decode` does
 */
export async function decodeAnimation(
  bytes: Uint8Array,
  limits: Partial<DecodeLimits> = {},
): Promise<Animation | undefined> {
  return decodeAll(await examine(bytes, limits));
}

/** What a picture is, upright, once all of it has been decoded. */
export interface Inspection {
  readonly contentType: ContentType;
  readonly width: number;
  readonly height: number;
  /** Of an animation. */
  readonly frames?: number;
}

/** Decode a stranger's file only to know what it is. @throws UserError as `decode` does */
export async function inspect(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Inspection> {
  const examined = await examine(bytes, limits);
  const { contentType } = examined;
  const animation = await decodeAll(examined);
  const { width, height } = animation ?? (await decodeFirst(examined));
  return { contentType, width, height, ...(animation ? { frames: animation.frames.length } : {}) };
}

/** A file whose header is within the limits. */
interface Examined {
  readonly bytes: Uint8Array;
  readonly contentType: ContentType;
  readonly limits: DecodeLimits;
  readonly frames: number;
  readonly delays: readonly number[];
  readonly loop: number;
}

async function examine(bytes: Uint8Array, partial: Partial<DecodeLimits>): Promise<Examined> {
  const limits = { ...DECODE_LIMITS, ...partial };
  checkBytes(bytes, limits);
  const contentType = await contentTypeOf(bytes);
  const header = await openStrictly(bytes, false).metadata().catch(damaged);
  const { width, height, pages: frames = 1, delay: delays = [], loop = 0 } = header;
  checkDeclared({ width, height, frames }, limits);
  return { bytes, contentType, limits, frames, delays, loop };
}

async function decodeFirst({ bytes, limits }: Examined): Promise<Picture> {
  const { data, info } = await rawOf(openStrictly(bytes, limits.pixels).autoOrient());
  return withoutOpaqueAlpha(fromInterleaved(data, info));
}

async function decodeAll({ bytes, limits, frames, delays, loop }: Examined): Promise<Animation | undefined> {
  if (frames === 1) return undefined;
  const { data, info } = await rawOf(openStrictly(bytes, limits.animationPixels, -1));
  const { width, channels } = info;
  const height = info.height / frames;
  const area = width * height * channels;
  const all = Array.from({ length: frames }, (_, index) =>
    fromInterleaved(data.subarray(index * area, (index + 1) * area), { width, height, channels }),
  );
  const opaque = all.every(isOpaque);
  return {
    width,
    height,
    frames: opaque ? all.map(({ alpha: _, ...frame }) => frame) : all,
    delays: all.map((_, index) => delays[index] ?? USUAL_DELAY),
    loop,
  };
}

/** How long browsers show a frame that does not say, in milliseconds. */
const USUAL_DELAY = 100;

function rawOf(image: Sharp): Promise<{ data: Buffer; info: OutputInfo }> {
  return image
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(damaged);
}

/** Screenshots and GIFs often carry alpha for nothing, which would make large PNGs of their paintings. */
function withoutOpaqueAlpha(picture: Picture): Picture {
  const { alpha: _, ...opaque } = picture;
  return isOpaque(picture) ? opaque : picture;
}

function isOpaque({ alpha }: Picture): boolean {
  return !alpha?.some((value) => value < 255);
}

function damaged(cause: unknown): never {
  throw new UserError(
    'image-damaged',
    'The picture is damaged or incomplete. Open it, save it again, and send that.',
    { cause },
  );
}
