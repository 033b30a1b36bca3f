import type { Precision } from '../../../src/graph/half.ts';
import type { Provider } from '../../../src/inference/providers.ts';
import { openSession } from '../../../src/inference/session.ts';
import { type Case, networkCases, operatorCases } from './cases.ts';

/*
 * Run every case on the cpu and on WebGPU, in a process of its own, which finds the driver in its environment. What came
 * out is written as one line of JSON for each.
 */

/** How far WebGPU's answer is from the cpu's. */
export interface Outcome {
  readonly name: string;
  readonly most: number;
  readonly mean: number;
  /** The cpu's largest entry. */
  readonly largest: number;
  readonly failure?: string;
}

async function run(
  { model, feeds }: Case,
  provider: Provider,
  precision: Precision,
): Promise<{ readonly dims: readonly number[]; readonly values: Float32Array }> {
  const session = await openSession(model(precision), { provider, threads: 1 });
  const [result] = Object.values(await session.run(feeds));
  if (!(result?.data instanceof Float32Array)) throw new Error('what came out is not in float32');
  const values = Float32Array.from(result.data);
  await session.release();
  return { dims: result.dims, values };
}

async function compare(each: Case): Promise<Omit<Outcome, 'name'>> {
  const expected = await run(each, 'cpu', 'float32');
  const got = await run(each, 'webgpu', each.precision);
  if (got.dims.join() !== expected.dims.join()) throw new Error(`[${got.dims}] is not [${expected.dims}]`);
  if (!got.values.every(Number.isFinite)) throw new Error('there are values that are no numbers');
  const away = expected.values.map((value, at) => Math.abs(value - (got.values[at] ?? Number.NaN)));
  return {
    most: away.reduce((most, value) => Math.max(most, value), 0),
    mean: away.reduce((sum, value) => sum + value, 0) / away.length,
    largest: expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}

for (const each of [...operatorCases(), ...networkCases()]) {
  const outcome: Outcome = await compare(each).then(
    (compared) => ({ name: each.name, ...compared }),
    (failure: unknown) => ({ name: each.name, most: 0, mean: 0, largest: 0, failure: told(failure) }),
  );
  console.log(JSON.stringify(outcome));
}

function told(failure: unknown): string {
  const { message, cause } = failure instanceof Error ? failure : new Error(String(failure));
  return cause instanceof Error ? `${message} ${cause.message}` : message;
}
