import type { WeightValues } from '../graph/networks/weights.ts';
import { entryCount } from '../graph/values.ts';
import { randomSource } from './random.ts';

/**
 * Weights of a network that has learnt nothing: kernels uniform in ±1/√(inputs per output), gains and
 * variances 1, offsets, biases and means 0. Equal seeds give equal weights.
 *
 * @param parameters names and dims; kernels end in `.weight` and are OIHW
 */
export function initialWeights(
  parameters: readonly { readonly name: string; readonly dims: readonly number[] }[],
  seed: number,
): Map<string, WeightValues> {
  const uniform = randomSource(seed);
  return new Map(
    parameters.map(({ name, dims }) => {
      const data = new Float32Array(entryCount(dims));
      if (/\.(gain|variance)$/.test(name)) data.fill(1);
      if (name.endsWith('.weight')) {
        const bound = 1 / Math.sqrt(entryCount(dims.slice(1)));
        for (let index = 0; index < data.length; index++) data[index] = (2 * uniform() - 1) * bound;
      }
      return [name, { dims, data }];
    }),
  );
}
