import { Tensor } from 'onnxruntime-node';
import { ImpastoError } from '../errors.ts';
import type { Precision } from '../graph/half.ts';
import type { Catalogue } from './catalogue.ts';
import { type KnownNetwork, knownPicture } from './known.ts';
import { CARDS, type PrecisionChoice, type Provider, type ProviderChoice, whyMissing } from './providers.ts';
import { type Placement, testNetworks, whyWrong } from './self-test.ts';
import { openSession } from './session.ts';

/** What was asked for. */
export interface PlaceOptions {
  readonly provider: ProviderChoice;
  readonly precision: PrecisionChoice;
  readonly threads: number;
  readonly catalogue: Catalogue;
  /**
   * Where given, the next best is taken in place of what can't be had, and this is told why, so that nobody falls
   * back in silence. Where left out, that error is thrown.
   */
  readonly onFallback?: (error: ImpastoError) => void;
}

const ON_CPU: Placement = { provider: 'cpu', precision: 'float32' };

/**
 * Decide where networks run, and in what numbers, by trying: a graphics card is taken only where it gives the cpu's
 * pictures. `auto` takes the first card that does, unless it is slower than the cpu, as a card that is imitated by
 * software is; and half precision wherever it passes.
 *
 * @throws ImpastoError `provider-missing`, `provider-wrong`, `half-on-cpu`; what reading the catalogue's first network
 * throws
 */
export async function place(options: PlaceOptions): Promise<Placement> {
  const { provider, precision, catalogue, onFallback } = options;
  const complain = (error: ImpastoError): void => {
    if (!onFallback) throw error;
    onFallback(error);
  };
  const automatic = provider === 'auto';
  const cards = automatic ? CARDS : CARDS.filter((card) => card === provider);
  for (const card of cards) {
    const missing = await whyMissing(card);
    if (missing) {
      if (!automatic) complain(missing);
      continue;
    }
    const networks = await testNetworks(catalogue);
    const found = await precisionOn(card, precision, networks, complain);
    if (found instanceof ImpastoError) {
      if (automatic) onFallback?.(found);
      else complain(found);
      continue;
    }
    const placement: Placement = { provider: card, precision: found };
    if (!automatic || (await isFaster(placement, networks, options.threads))) return placement;
  }
  if (precision === 'float16') complain(halfOnCpu());
  return ON_CPU;
}

/** The precision to take on a card that starts; `provider-wrong` where none can be trusted. */
async function precisionOn(
  provider: Provider,
  choice: PrecisionChoice,
  networks: readonly KnownNetwork[],
  complain: (error: ImpastoError) => void,
): Promise<Precision | ImpastoError> {
  if (choice !== 'float32') {
    const wrong = await whyWrong({ provider, precision: 'float16' }, networks);
    if (!wrong) return 'float16';
    if (choice === 'float16') complain(wrong);
  }
  return (await whyWrong({ provider, precision: 'float32' }, networks)) ?? 'float32';
}

/** Long enough for a card to be worth its overhead. */
const SIDE = 128;

async function isFaster(
  placement: Placement,
  networks: readonly KnownNetwork[],
  threads: number,
): Promise<boolean> {
  const network = networks.at(-1);
  if (!network) return true;
  const onCard = await secondsOf(network, placement, threads);
  return onCard < (await secondsOf(network, ON_CPU, threads));
}

/** Of the second run: in the first, a card compiles what it runs. */
async function secondsOf(
  network: KnownNetwork,
  { provider, precision }: Placement,
  threads: number,
): Promise<number> {
  const session = await openSession(network.emit(precision), { provider, threads });
  const image = new Tensor('float32', knownPicture(SIDE, SIDE), [1, 3, SIDE, SIDE]);
  try {
    await session.run({ image });
    const started = performance.now();
    await session.run({ image });
    return (performance.now() - started) / 1000;
  } finally {
    await session.release();
  }
}

function halfOnCpu(): ImpastoError {
  return new ImpastoError({
    code: 'half-on-cpu',
    userMessage:
      'Half precision (PRECISION=float16) is for graphics cards, and networks run on the cpu here. ' +
      'Leave PRECISION at auto, or choose another provider.',
    report: true,
  });
}
