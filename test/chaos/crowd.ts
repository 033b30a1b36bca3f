import { setTimeout as sleep } from 'node:timers/promises';
import type { PhotoOf } from './photos.ts';
import type { PlannedRequest } from './plan.ts';
import type { Ask, Side, Standing } from './side.ts';

/** A request that was carried out, with all questions that it took. */
export interface Carried {
  readonly request: PlannedRequest;
  readonly photo: Buffer;
  readonly asks: readonly Ask[];
  /** How often the platform told of one twice. */
  readonly repeats: number;
  /** Milliseconds from the first question to the first picture; undefined where none came. */
  readonly tookMs: number | undefined;
}

/** People who ask one after the other. */
export interface CrowdOptions {
  readonly sides: Readonly<Record<PlannedRequest['platform'], Side>>;
  readonly photoOf: PhotoOf;
  /** Of each platform: so many questions stand at once. */
  readonly lines: number;
  /** How long anybody waits for an answer before they give up. */
  readonly patienceMs: number;
  /** Called with each that is over. */
  readonly told?: (done: Carried) => void;
}

const LOOK_MS = 100;
/** Before somebody who was not heard, or not taken, asks again. */
const AGAIN_MS = 1_500;
const MOST_ASKS = 15;

/** Carry all requests out; those of a platform by turns in its lines. @param on false ends it before the next begins */
export async function carryOut(
  requests: Iterable<PlannedRequest>,
  options: CrowdOptions,
  on: () => boolean = () => true,
): Promise<readonly Carried[]> {
  const { sides, lines } = options;
  const done: Carried[] = [];
  const platforms: readonly PlannedRequest['platform'][] = ['discord', 'slack'];
  const next = byPlatform(requests);
  const line = async (platform: PlannedRequest['platform'], nth: number): Promise<void> => {
    while (on()) {
      const request = next(platform);
      if (request === undefined) return;
      const carried = await carry(sides[platform], nth, request, options);
      options.told?.(carried);
      done.push(carried);
    }
  };
  await Promise.all(
    platforms.flatMap((platform) => Array.from({ length: lines }, (_, nth) => line(platform, nth))),
  );
  return done;
}

/** Deals requests out, which may be without end. */
function byPlatform(
  requests: Iterable<PlannedRequest>,
): (platform: PlannedRequest['platform']) => PlannedRequest | undefined {
  const all = requests[Symbol.iterator]();
  const kept: PlannedRequest[] = [];
  return (platform) => {
    const at = kept.findIndex((one) => one.platform === platform);
    if (at >= 0) return kept.splice(at, 1)[0];
    for (;;) {
      const { value, done } = all.next();
      if (done === true) return undefined;
      if (value.platform === platform) return value;
      kept.push(value);
    }
  };
}

async function carry(
  side: Side,
  line: number,
  request: PlannedRequest,
  { photoOf, patienceMs }: CrowdOptions,
): Promise<Carried> {
  const photo = await photoOf(request);
  await sleep(request.pauseMs);
  const asks: Ask[] = [];
  const repeats: Promise<void>[] = [];
  const begun = Date.now();
  const ask = async (): Promise<Ask> => {
    const asked = await side.ask(line, request, photo);
    asks.push(asked);
    if (request.againMs !== undefined && asks.length === 1)
      repeats.push(sleep(request.againMs).then(() => asked.again()));
    return asked;
  };
  let tookMs: number | undefined;
  while (asks.length < MOST_ASKS) {
    const asked = await ask();
    if (await asked.acknowledged) {
      // Another question of its own, which is answered too.
      if (request.impatient && request.how === 'command' && asks.length === 1) await ask();
      const standing = await settled(asked, patienceMs);
      if (standing === 'painted') tookMs = Date.now() - begun;
      if (standing === 'painted' || isPending(standing)) break;
    }
    await sleep(AGAIN_MS);
  }
  for (const asked of asks) if (await asked.acknowledged) await settled(asked, patienceMs);
  await Promise.all(repeats);
  return { request, photo, asks, repeats: repeats.length, tookMs };
}

async function settled(asked: Ask, patienceMs: number): Promise<Standing> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const standing = asked.standing();
    if (!isPending(standing) || Date.now() > end) return standing;
    await sleep(LOOK_MS);
  }
}

/** Nothing has come of it yet. */
export function isPending(standing: Standing): boolean {
  return standing === 'silent' || standing === 'open';
}
