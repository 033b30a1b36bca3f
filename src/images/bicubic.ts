import type { Picture } from './picture.ts';
import { crop } from './resample.ts';

/**
 * A picture at another size as Matlab's `imresize` makes it: the cubic kernel of a = −0.5 (Keys 1981), widened where
 * the picture shrinks so that nothing aliases, the edge's mirror image around, rounded to 8 bits after each of the two
 * passes. The benchmarks of super-resolution are defined by it. Alpha is left out.
 */
export function resizeBicubic(picture: Picture, width: number, height: number): Picture {
  // Matlab begins with the side that shrinks most, and with the rows where both shrink alike.
  const rowsFirst = height / picture.height <= width / picture.width;
  const once = rowsFirst ? alongRows(picture, height) : alongColumns(picture, width);
  return rowsFirst ? alongColumns(once, width) : alongRows(once, height);
}

/** A picture without the rows and columns at its end that make its sides no multiple of `factor`. */
export function cropToMultiple(picture: Picture, factor: number): Picture {
  const { width, height } = picture;
  return crop(picture, {
    left: 0,
    top: 0,
    width: width - (width % factor),
    height: height - (height % factor),
  });
}

/** Of each place of the result: where in the source its neighbours are, and their weights, which add up to 1. */
interface Taps {
  readonly count: number;
  /** [places × count] */
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

function tapsOf(from: number, to: number): Taps {
  const scale = to / from;
  const widening = Math.max(1, 1 / scale);
  const count = Math.ceil(4 * widening) + 2;
  const places = new Int32Array(to * count);
  const weights = new Float64Array(to * count);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) / scale - 0.5;
    const first = Math.floor(centre - 2 * widening);
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel((centre - first - tap) / widening);
      places[at * count + tap] = mirrored(first + tap, from);
      weights[at * count + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap++) weights[at * count + tap] = (weights[at * count + tap] ?? 0) / sum;
  }
  return { count, places, weights };
}

/** Keys's cubic kernel. */
function kernel(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  return x <= 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
}

/** A place beyond the ends, reflected with the edge repeated. */
function mirrored(place: number, length: number): number {
  const period = 2 * length;
  const within = ((place % period) + period) % period;
  return within < length ? within : period - 1 - within;
}

function alongRows({ width, height, rgb }: Picture, to: number): Picture {
  const { count, places, weights } = tapsOf(height, to);
  const row = 3 * width;
  const result = new Uint8ClampedArray(row * to);
  const sums = new Float64Array(row);
  for (let at = 0; at < to; at++) {
    sums.fill(0);
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[at * count + tap] ?? 0;
      if (weight === 0) continue;
      const from = (places[at * count + tap] ?? 0) * row;
      for (let x = 0; x < row; x++) sums[x] = (sums[x] ?? 0) + weight * (rgb[from + x] ?? 0);
    }
    for (let x = 0; x < row; x++) result[at * row + x] = Math.floor((sums[x] ?? 0) + 0.5);
  }
  return { width, height: to, rgb: new Uint8Array(result.buffer) };
}

function alongColumns({ width, height, rgb }: Picture, to: number): Picture {
  const { count, places, weights } = tapsOf(width, to);
  const result = new Uint8ClampedArray(3 * to * height);
  for (let row = 0; row < height; row++) {
    for (let at = 0; at < to; at++) {
      let [red, green, blue] = [0, 0, 0];
      for (let tap = at * count; tap < (at + 1) * count; tap++) {
        const weight = weights[tap] ?? 0;
        const from = 3 * (row * width + (places[tap] ?? 0));
        red += weight * (rgb[from] ?? 0);
        green += weight * (rgb[from + 1] ?? 0);
        blue += weight * (rgb[from + 2] ?? 0);
      }
      const place = 3 * (row * to + at);
      result[place] = Math.floor(red + 0.5);
      result[place + 1] = Math.floor(green + 0.5);
      result[place + 2] = Math.floor(blue + 0.5);
    }
  }
  return { width: to, height, rgb: new Uint8Array(result.buffer) };
}
