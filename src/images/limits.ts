import { UserError } from '../errors.ts';

/** What the door lets in. */
export interface DecodeLimits {
  /** Of the file. */
  readonly bytes: number;
  /** Width times height. */
  readonly pixels: number;
  /** The longer side. */
  readonly side: number;
  /** Of an animation. */
  readonly frames: number;
  /** Width times height of an animation, times its frames. */
  readonly animationPixels: number;
}

/** Where nobody sets others. */
export const DECODE_LIMITS: DecodeLimits = {
  bytes: 50 * 1024 * 1024,
  pixels: 50_000_000,
  side: 16_384,
  frames: 500,
  animationPixels: 40_000_000,
};

/** @throws UserError `image-empty`, `image-file-too-large` */
export function checkBytes(bytes: Uint8Array, limits: DecodeLimits): void {
  if (bytes.byteLength === 0) {
    throw new UserError('image-empty', 'The file is empty. Send the picture again.');
  }
  if (bytes.byteLength > limits.bytes) throw fileTooLarge(bytes.byteLength, limits.bytes);
}

/** @param bytes of the file, or at least as many */
export function fileTooLarge(bytes: number, limit: number): UserError {
  const megabytes = Math.floor(limit / 1024 / 1024);
  return new UserError(
    'image-file-too-large',
    `The file is larger than ${megabytes} MB. Send a smaller one.`,
    { data: { bytes, limit } },
  );
}

/** What a file's header declares. */
export interface Declared {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** @throws UserError `image-too-large`, `image-too-many-frames`, `animation-too-large` */
export function checkDeclared({ width, height, frames }: Declared, limits: DecodeLimits): void {
  if (width * height > limits.pixels || Math.max(width, height) > limits.side) {
    const megapixels = Math.floor(limits.pixels / 1e6);
    throw new UserError(
      'image-too-large',
      `The picture is ${width} × ${height} pixels; up to ${megapixels} megapixels and ${limits.side} pixels a side can be read. Make it smaller.`,
      { data: { width, height, frames, pixels: limits.pixels, side: limits.side } },
    );
  }
  if (frames > limits.frames) {
    throw new UserError(
      'image-too-many-frames',
      `The animation has ${frames} frames; up to ${limits.frames} can be read. Send a shorter one or a still picture.`,
      { data: { width, height, frames, limit: limits.frames } },
    );
  }
  if (frames > 1 && frames * width * height > limits.animationPixels) {
    const most = Math.floor(limits.animationPixels / 1e6);
    throw new UserError(
      'animation-too-large',
      `The animation has ${frames} frames of ${width} × ${height} pixels; up to ${most} megapixels in all can be read. Send a shorter or smaller one.`,
      { data: { width, height, frames, pixels: limits.animationPixels } },
    );
  }
}
