/** How many entries a tensor of these dims has. */
export function entryCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The bytes of numbers, in this machine's order; a view, not a copy. */
export function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array | Uint16Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
