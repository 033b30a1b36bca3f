import { count, type Values } from './support.ts';

/** Independent computations, straight from the definitions, in double precision and without onnxruntime. */

type Index = readonly number[];

/** A value for every index of a shape. */
export function fill(dims: readonly number[], value: (index: Index) => number): Values {
  const data = new Float32Array(count(dims));
  for (let flat = 0; flat < data.length; flat++) {
    const index: number[] = [];
    let rest = flat;
    for (const dim of dims.toReversed()) {
      index.unshift(rest % dim);
      rest = Math.floor(rest / dim);
    }
    data[flat] = value(index);
  }
  return { dims, data };
}

export function at({ dims, data }: Values, index: Index): number {
  const flat = index.reduce((sum, entry, axis) => sum * (dims[axis] ?? 1) + entry, 0);
  return data[flat] ?? Number.NaN;
}

export function conv(
  x: Values,
  weight: Values,
  bias: Values | undefined,
  stride: number,
  padding: number,
): Values {
  const [n = 0, ci = 0, h = 0, w = 0] = x.dims;
  const [co = 0, , k = 0] = weight.dims;
  const out = (length: number): number => Math.floor((length + 2 * padding - k) / stride) + 1;
  return fill([n, co, out(h), out(w)], ([b = 0, o = 0, row = 0, column = 0]) => {
    let sum = bias ? at(bias, [o]) : 0;
    for (let i = 0; i < ci; i++) {
      for (let u = 0; u < k; u++) {
        for (let v = 0; v < k; v++) {
          const y = row * stride + u - padding;
          const z = column * stride + v - padding;
          if (y >= 0 && y < h && z >= 0 && z < w) sum += at(x, [b, i, y, z]) * at(weight, [o, i, u, v]);
        }
      }
    }
    return sum;
  });
}

/** One picture's 2×2 blocks reduced. */
export function pool(x: Values, reduce: (block: readonly number[]) => number): Values {
  const [n = 0, c = 0, h = 0, w = 0] = x.dims;
  return fill([n, c, Math.floor(h / 2), Math.floor(w / 2)], ([b = 0, i = 0, y = 0, z = 0]) =>
    reduce([0, 1, 2, 3].map((place) => at(x, [b, i, 2 * y + (place >> 1), 2 * z + (place & 1)]))),
  );
}

export function reflectPad(x: Values, amount: number): Values {
  const [n = 0, c = 0, h = 0, w = 0] = x.dims;
  const mirror = (place: number, length: number): number => {
    const positive = Math.abs(place);
    return positive < length ? positive : 2 * (length - 1) - positive;
  };
  return fill([n, c, h + 2 * amount, w + 2 * amount], ([b = 0, i = 0, y = 0, z = 0]) =>
    at(x, [b, i, mirror(y - amount, h), mirror(z - amount, w)]),
  );
}

export function instanceNorm(x: Values, gain: Values, offset: Values): Values {
  const [, , h = 0, w = 0] = x.dims;
  const statistics = (b: number, i: number): { mean: number; deviation: number } => {
    const entries = Array.from({ length: h * w }, (_, place) =>
      at(x, [b, i, Math.floor(place / w), place % w]),
    );
    const mean = entries.reduce((sum, entry) => sum + entry, 0) / entries.length;
    const variance = entries.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / entries.length;
    return { mean, deviation: Math.sqrt(variance + 1e-5) };
  };
  return fill(x.dims, ([b = 0, i = 0, y = 0, z = 0]) => {
    const { mean, deviation } = statistics(b, i);
    return ((at(x, [b, i, y, z]) - mean) / deviation) * at(gain, [i]) + at(offset, [i]);
  });
}

export function matmul(a: Values, b: Values): Values {
  const [m = 0, k = 0] = a.dims.slice(-2);
  const [, n = 0] = b.dims.slice(-2);
  return fill([...a.dims.slice(0, -2), m, n], (index) => {
    const lead = index.slice(0, -2);
    const [row = 0, column = 0] = index.slice(-2);
    let sum = 0;
    for (let inner = 0; inner < k; inner++)
      sum += at(a, [...lead, row, inner]) * at(b, [...lead, inner, column]);
    return sum;
  });
}
