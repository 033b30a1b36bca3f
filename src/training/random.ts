/**
 * A seeded source of numbers in [0, 1): SplitMix32. Equal seeds give equal numbers on every machine.
 *
 * @param seed any integers; they are mixed, so that neighbouring seeds give unrelated numbers
 */
export function randomSource(...seed: readonly number[]): () => number {
  let state = seed.reduce((mixed, value) => mix((mixed ^ (value | 0)) + 0x9e3779b9), 0);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
}

/** A seeded source of numbers from the standard normal distribution (Box and Muller). */
export function gaussianSource(...seed: readonly number[]): () => number {
  const uniform = randomSource(...seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
