import type { OutputInfo, Sharp } from 'sharp';
import { UserError } from '../errors.ts';
import type { Animation } from './animation.ts';
import { type ContentType, contentTypeOf } from './content-type.ts';
import { openStrictly } from './door.ts';
import { fromInterleaved } from './interleaved.ts';
import { checkBytes, checkDeclared, DECODE_LIMITS, type DecodeLimits } from './limits.ts';
import type { Picture, Size } from './picture.ts';

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
export interface Inspection extends Size {
  readonly contentType: ContentType;
  /** Of an animation. */
  readonly frames?: number;
}

/**
 * Decode a stranger's file only to know what it is: of its pixels nothing is kept, so that it takes no more memory than
 * its decoder does.
 * @throws UserError as `decode` does
 */
export async function inspect(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Inspection> {
  const examined = await examine(bytes, limits);
  await readThrough(examined);
  const { contentType, width, height, frames } = examined;
  return { contentType, width, height, ...(frames === 1 ? {} : { frames }) };
}

/** A file that is sound, which may be opened as often as need be: none of its pixels are held meanwhile. */
export interface Sound extends Size {
  /** 1 where it is no animation. */
  readonly frames: number;
  /** How long each frame is shown, in milliseconds. */
  readonly delays: readonly number[];
  readonly loop: number;
  /** Whether anything is transparent in the picture, or in the first frame. */
  readonly alpha: boolean;
  /** Upright, and with all frames. */
  open(): Sharp;
}

/** Decode all of a picture of 8 bits, so that whatever opens it later finds it sound. @throws UserError as `decode` does */
export async function openSound(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Sound> {
  const examined = await examine(bytes, limits);
  await readThrough(examined);
  const { width, height, frames, delays, loop, hasAlpha } = examined;
  const alpha = hasAlpha && (await alphaOf(examined)).some((value) => value < 255);
  const open = (): Sharp => (frames === 1 ? openAll(examined).autoOrient() : openAll(examined));
  return { width, height, frames, delays: shown(delays, frames), loop, alpha, open };
}

/** A file whose header is within the limits; its size is as it is seen, upright. */
interface Examined extends Size {
  readonly bytes: Uint8Array;
  readonly contentType: ContentType;
  readonly limits: DecodeLimits;
  /** Rows of a frame, as the file holds it. */
  readonly rows: number;
  readonly frames: number;
  readonly delays: readonly number[];
  readonly loop: number;
  readonly hasAlpha: boolean;
}

async function examine(bytes: Uint8Array, partial: Partial<DecodeLimits>): Promise<Examined> {
  const limits = { ...DECODE_LIMITS, ...partial };
  checkBytes(bytes, limits);
  const contentType = await contentTypeOf(bytes);
  const header = await openStrictly(bytes, false).metadata().catch(damaged);
  const { width, height, pages: frames = 1, delay: delays = [], loop = 0, hasAlpha } = header;
  checkDeclared({ width, height, frames }, limits);
  // The frames of an animation stand below each other, so that they can't be turned.
  const size = frames === 1 ? header.autoOrient : { width, height };
  return { bytes, contentType, limits, ...size, rows: height, frames, delays, loop, hasAlpha };
}

function openAll({ bytes, limits, frames }: Examined): Sharp {
  if (frames === 1) return openStrictly(bytes, limits.pixels);
  return openStrictly(bytes, limits.animationPixels, -1);
}

/** Decode every row, and shrink it to one pixel as it comes. Full height leaves decoders no rows to skip or to shrink. */
async function readThrough(examined: Examined): Promise<void> {
  await rawOf(openAll(examined).resize({ width: 1, height: examined.rows, fit: 'fill' }));
}

function alphaOf(examined: Examined): Promise<Uint8Array> {
  return openStrictly(examined.bytes, examined.limits.pixels).extractChannel('alpha').raw().toBuffer();
}

async function decodeFirst({ bytes, limits }: Examined): Promise<Picture> {
  const { data, info } = await rawOf(openStrictly(bytes, limits.pixels).autoOrient());
  return withoutOpaqueAlpha(fromInterleaved(data, info));
}

async function decodeAll(examined: Examined): Promise<Animation | undefined> {
  const { frames, delays, loop } = examined;
  if (frames === 1) return undefined;
  const { data, info } = await rawOf(openAll(examined));
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
    delays: shown(delays, frames),
    loop,
  };
}

/** How long browsers show a frame that does not say, in milliseconds. */
const USUAL_DELAY = 100;

function shown(delays: readonly number[], frames: number): readonly number[] {
  return Array.from({ length: frames }, (_, index) => delays[index] ?? USUAL_DELAY);
}

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
