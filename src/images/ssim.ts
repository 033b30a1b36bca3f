import { luma } from './colour.ts';
import type { Picture } from './picture.ts';

/** Side and σ of the Gaussian window, and the two constants, of the definition. */
const SIDE = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * Structural similarity (Wang et al. 2004) of two pictures of one size, on the luma of BT.601 in 16–235: a Gaussian
 * window of 11 × 11 pixels, σ 1.5, averaged over where it lies wholly inside. 1 where they are equal.
 *
 * @throws RangeError where the sizes differ, or the window does not fit
 */
export function ssim(a: Picture, b: Picture): number {
  const { width, height } = a;
  if (width !== b.width || height !== b.height)
    throw new RangeError(`${width} × ${height} and ${b.width} × ${b.height} can't be compared`);
  if (Math.min(width, height) < SIDE)
    throw new RangeError(`${width} × ${height} is smaller than the window of ${SIDE} × ${SIDE}`);
  const [x, y] = [lumaOf(a), lumaOf(b)];
  const mean = (values: Float64Array): Float64Array => windowed(values, width, height);
  const [mx, my] = [mean(x), mean(y)];
  const [xx, yy, xy] = [mean(product(x, x)), mean(product(y, y)), mean(product(x, y))];
  let sum = 0;
  for (let at = 0; at < mx.length; at++) {
    const [meanX, meanY] = [mx[at] ?? 0, my[at] ?? 0];
    const varianceX = (xx[at] ?? 0) - meanX ** 2;
    const varianceY = (yy[at] ?? 0) - meanY ** 2;
    const covariance = (xy[at] ?? 0) - meanX * meanY;
    sum +=
      ((2 * meanX * meanY + C1) * (2 * covariance + C2)) /
      ((meanX ** 2 + meanY ** 2 + C1) * (varianceX + varianceY + C2));
  }
  return sum / mx.length;
}

function lumaOf({ width, height, rgb }: Picture): Float64Array {
  return Float64Array.from({ length: width * height }, (_, place) => {
    const at = 3 * place;
    return 16 + (219 / 255) * luma(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
  });
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value * (b[index] ?? 0));
}

/** The Gaussian-weighted mean around each place where the window fits: two passes, for the window is separable. */
function windowed(values: Float64Array, width: number, height: number): Float64Array {
  const weights = gaussian();
  const [columns, rows] = [width - SIDE + 1, height - SIDE + 1];
  const across = new Float64Array(columns * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let tap = 0; tap < SIDE; tap++)
        sum += (weights[tap] ?? 0) * (values[row * width + column + tap] ?? 0);
      across[row * columns + column] = sum;
    }
  }
  const result = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let tap = 0; tap < SIDE; tap++)
        sum += (weights[tap] ?? 0) * (across[(row + tap) * columns + column] ?? 0);
      result[row * columns + column] = sum;
    }
  }
  return result;
}

function gaussian(): Float64Array {
  const middle = (SIDE - 1) / 2;
  const weights = Float64Array.from({ length: SIDE }, (_, tap) =>
    Math.exp(-((tap - middle) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
