import type { Picture } from '../images/picture.ts';

/** A picture's colours as a network takes them: [1, 3, height, width], RGB, 0–255. Alpha is left out. */
export function toPlanes({ width, height, rgb }: Picture): Float32Array {
  const area = width * height;
  const planes = new Float32Array(3 * area);
  for (let place = 0; place < area; place++) {
    planes[place] = rgb[3 * place] ?? 0;
    planes[area + place] = rgb[3 * place + 1] ?? 0;
    planes[2 * area + place] = rgb[3 * place + 2] ?? 0;
  }
  return planes;
}

/** What a network gives, [1, 3, height, width], RGB, about 0–255, as a picture: clipped and rounded. */
export function fromPlanes(planes: Float32Array, width: number, height: number): Picture {
  const area = width * height;
  if (planes.length !== 3 * area)
    throw new RangeError(`${planes.length} values are no ${width} × ${height} picture`);
  const rgb = new Uint8ClampedArray(3 * area);
  for (let place = 0; place < area; place++) {
    rgb[3 * place] = planes[place] ?? 0;
    rgb[3 * place + 1] = planes[area + place] ?? 0;
    rgb[3 * place + 2] = planes[2 * area + place] ?? 0;
  }
  return { width, height, rgb: new Uint8Array(rgb.buffer) };
}
