import { Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import type { Precision } from '../graph/half.ts';
import { type Catalogue, readPublished } from './catalogue.ts';
import { emit } from './emit.ts';
import { type KnownNetwork, knownNetworks, knownPicture } from './known.ts';
import type { Provider } from './providers.ts';
import { openSession } from './session.ts';

/** Where a network runs, and in what numbers. */
export interface Placement {
  readonly provider: Provider;
  readonly precision: Precision;
}

/** How far from the cpu's picture another may be, in levels of 255: at the worst entry, and on average. */
export interface Tolerance {
  readonly most: number;
  readonly mean: number;
}

/**
 * Float32 differs by the order in which it adds up. Half precision has 11 binary digits, and some cards add up in it:
 * the networks of the catalogue then come out up to 3.5 levels away in places and 0.4 on average, which is not seen.
 */
export const TOLERANCE: Readonly<Record<Precision, Tolerance>> = {
  float32: { most: 1, mean: 1 },
  float16: { most: 8, mean: 1 },
};

/** Not a multiple of four, so that what is cut off at the end is tried too. */
const [WIDTH, HEIGHT] = [46, 34];

/** What is tried: two small networks with known weights, and the catalogue's first. */
export async function testNetworks(catalogue: Catalogue): Promise<KnownNetwork[]> {
  const [entry] = catalogue.networks;
  if (!entry) return knownNetworks();
  const bytes = await readPublished(catalogue, entry);
  const served = (precision: Precision): Uint8Array =>
    emit(bytes, entry, 'whole', catalogue.folder, precision);
  return [...knownNetworks(), { name: entry.name, emit: served }];
}

/**
 * Why a provider can't be trusted in this precision: `provider-wrong` where a known picture comes out of one of the
 * networks other than on the cpu, or does not come out; undefined where it can be.
 */
export async function whyWrong(
  { provider, precision }: Placement,
  networks: readonly KnownNetwork[],
): Promise<ImpastoError | undefined> {
  const image = new Tensor('float32', knownPicture(WIDTH, HEIGHT), [1, 3, HEIGHT, WIDTH]);
  for (const { name, emit } of networks) {
    const expected = await painted(emit('float32'), image, 'cpu');
    let got: Float32Array;
    try {
      got = await painted(emit(precision), image, provider);
    } catch (cause) {
      return wrong({ provider, precision }, name, 'did not come out', cause);
    }
    const fault = faultIn(got, expected, TOLERANCE[precision]);
    if (fault) return wrong({ provider, precision }, name, fault);
  }
  return undefined;
}

/** What is wrong with a picture, as the end of a sentence; undefined where it is as expected. */
export function faultIn(
  got: Float32Array,
  expected: Float32Array,
  { most, mean }: Tolerance,
): string | undefined {
  if (got.length !== expected.length) return 'came out in another size';
  if (!got.every(Number.isFinite)) return 'came out with values that are no numbers';
  if (got.every((value) => value < 1) && expected.some((value) => value >= 1)) return 'came out black';
  let farthest = 0;
  let sum = 0;
  for (const [at, value] of expected.entries()) {
    const away = Math.abs(value - (got[at] ?? 0));
    farthest = Math.max(farthest, away);
    sum += away;
  }
  const average = sum / expected.length;
  if (farthest <= most && average <= mean) return undefined;
  return (
    `came out up to ${farthest.toFixed(1)} levels of 255 away from the cpu's and ${average.toFixed(1)} on average ` +
    `(${most} and ${mean} are allowed)`
  );
}

async function painted(model: Uint8Array, image: Tensor, provider: Provider): Promise<Float32Array> {
  const session = await openSession(model, { provider, threads: 1 });
  try {
    const [result] = Object.values(await session.run({ image }));
    if (!(result?.data instanceof Float32Array)) throw new TypeError('expected a picture in float32');
    return Float32Array.from(result.data);
  } finally {
    await session.release();
  }
}

function wrong(
  { provider, precision }: Placement,
  network: string,
  fault: string,
  cause?: unknown,
): ImpastoError {
  return new ImpastoError({
    code: 'provider-wrong',
    userMessage:
      `The provider ${provider} can't be trusted in ${precision} on this machine: a test picture by ${network} ${fault}. ` +
      `Update the graphics card's driver, or choose the provider cpu.`,
    report: true,
    data: { provider, precision, network, fault },
    cause,
  });
}
