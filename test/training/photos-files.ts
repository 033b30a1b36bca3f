import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'impasto-photos-'));
}

export async function put(folder: string, path: string, bytes: Uint8Array | string = 'x'): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

/** A picture that says of every pixel where it is: red is x, green is y, blue is the picture's own number. */
export function chart(width: number, height: number, number: number): Sharp {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb.set([at % width, Math.floor(at / width), number], at * 3);
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** Write charts `photo-NN.png`, numbered from 0. */
export async function putCharts(folder: string, count: number, width: number, height: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const name = `photo-${String(number).padStart(2, '0')}.png`;
    await put(folder, name, await chart(width, height, number).png().toBuffer());
  }
}

/** Which chart a crop is of, where it was cut and whether it was mirrored; undefined where it is no square of a chart. */
export function whereFrom(
  pixels: Float32Array,
  side: number,
): { number: number; left: number; top: number; flipped: boolean } | undefined {
  const at = (channel: number, y: number, x: number): number =>
    pixels[(channel * side + y) * side + x] ?? Number.NaN;
  const flipped = at(0, 0, 0) > at(0, 0, 1);
  const [left, top, number] = [at(0, 0, flipped ? side - 1 : 0), at(1, 0, 0), at(2, 0, 0)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const meant = [left + (flipped ? side - 1 - x : x), top + y, number];
      if (meant.some((value, channel) => value !== at(channel, y, x))) return undefined;
    }
  }
  return { number, left, top, flipped };
}
