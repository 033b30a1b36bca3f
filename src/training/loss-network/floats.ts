import { entryCount } from '../../graph/values.ts';
import { damaged } from './refusal.ts';

/** How the numbers of a file are stored: IEEE 754 single and half precision, and bfloat16. All little-endian. */
export type FloatType = 'float32' | 'float16' | 'bfloat16';

/** Size of one number in bytes. */
export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { float32: 4, float16: 2, bfloat16: 2 };

/**
 * Numbers as a file stores them, in an array of their own: nothing is shared with `bytes`, which may lie at any
 * offset.
 *
 * @param bytes a whole number of little-endian values
 */
export function toFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  const aligned = new Uint8Array(bytes).buffer;
  if (type === 'float32') return new Float32Array(aligned);
  const halves = new Uint16Array(aligned);
  if (type === 'bfloat16') return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
  // Millions of values, 65,536 different ones: a table and a plain loop are ten times faster than the arithmetic.
  const table = Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromHalf(bits));
  const floats = new Float32Array(halves.length);
  for (let index = 0; index < floats.length; index++) floats[index] = table[halves[index] ?? 0] ?? 0;
  return floats;
}

/**
 * The numbers of a tensor in a file.
 * @throws UserError `loss-network-damaged` where there are fewer or more bytes than its shape needs
 */
export function tensorFloats(
  tensor: { readonly name: string; readonly dims: readonly number[]; readonly bytes: Uint8Array },
  type: FloatType,
  file: string,
): Float32Array {
  const { name, dims, bytes } = tensor;
  const wanted = entryCount(dims) * FLOAT_BYTES[type];
  if (bytes.length === wanted) return toFloats(bytes, type);
  throw damaged(file, `${name} has ${bytes.length} bytes where its shape needs ${wanted}`);
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}
