import sharp from 'sharp';

/** A photo of that size: colours run across it, so that a picture of one colour is never taken for it. */
export function photo(red = 200, width = 24, height = 16): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    pixels[at * 3] = red;
    pixels[at * 3 + 1] = Math.floor(((at % width) / width) * 255);
    pixels[at * 3 + 2] = Math.floor((at / width / height) * 255);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A photo that takes much room as PNG and little as JPEG. */
export async function rich(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#888', noise } })
    .blur(1.5)
    .png()
    .toBuffer();
}

/** What a picture's bytes say of it once they are decoded. */
export interface Decoded {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** Mean of each channel, 0 to 255. */
  readonly mean: readonly number[];
}

/** Decode what somebody received. */
export async function decoded(bytes: Uint8Array): Promise<Decoded> {
  const image = sharp(bytes);
  const { format, width, height } = await image.metadata();
  const { channels } = await image.removeAlpha().stats();
  return { format, width, height, mean: channels.map(({ mean }) => Math.round(mean)) };
}

/** True where a picture is a painting of a photo: of the same size, and not the photo. */
export async function paints(painting: Uint8Array, original: Uint8Array): Promise<boolean> {
  const [one, other] = await Promise.all([decoded(painting), decoded(original)]);
  const differs = one.mean.some((value, channel) => Math.abs(value - (other.mean[channel] ?? 0)) > 2);
  return one.width === other.width && one.height === other.height && differs;
}
