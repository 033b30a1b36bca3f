import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPending } from './crowd.ts';
import type { PhotoOf } from './photos.ts';
import type { PlannedRequest } from './plan.ts';
import type { Ask, Side } from './side.ts';

/** A question of the crowd's. */
export interface LoadAsk {
  readonly person: string;
  readonly request: PlannedRequest;
  readonly photo: Buffer;
  readonly ask: Ask;
}

export interface LoadOptions {
  readonly sides: Readonly<Record<PlannedRequest['platform'], Side>>;
  readonly photoOf: PhotoOf;
  /** Of each platform; so many as its side has lines. */
  readonly people: number;
  /** Without anybody being answered for so long, nothing more is waited for. */
  readonly patienceMs: number;
}

/** Seldom: a look at all of them takes a while, and the platforms are in this process. */
const LOOK_MS = 2_000;

/** All questions, and how it was to stand for the platforms meanwhile. */
export interface Load {
  readonly all: readonly LoadAsk[];
  /** When the first was asked. */
  readonly begun: number;
  /** The longest for which the platforms, which are in this process, did nothing. */
  readonly standstillMs: number;
}

const PLATFORMS: readonly PlannedRequest['platform'][] = ['discord', 'slack'];

/** Everybody asks everything at once; then they wait. A person has every `people`th request of their platform. */
export async function askAtOnce(
  requests: readonly PlannedRequest[],
  { sides, photoOf, people, patienceMs }: LoadOptions,
): Promise<Load> {
  const counts = { discord: 0, slack: 0 };
  const ready: { readonly one: Omit<LoadAsk, 'ask'>; readonly ask: () => Promise<Ask> }[] = [];
  for (const request of requests) {
    const { platform } = request;
    const line = counts[platform] % people;
    counts[platform] += 1;
    const photo = await photoOf(request);
    const ask = await sides[platform].prepare(line, request, photo);
    ready.push({ one: { person: `${platform} ${line}`, request, photo }, ask });
  }
  const standing = monitorEventLoopDelay({ resolution: 10 });
  standing.enable();
  const begun = Date.now();
  // Discord waits three seconds for each, and shares this process with Slack, whose people speak right after.
  const all: LoadAsk[] = [];
  for (const platform of PLATFORMS) {
    const own = ready.filter(({ one }) => one.request.platform === platform);
    const asked = await Promise.all(own.map(async ({ one, ask }) => ({ ...one, ask: await ask() })));
    if (platform === 'discord') await Promise.all(asked.map(({ ask }) => ask.acknowledged));
    all.push(...asked);
  }
  let open = all;
  let heard = Date.now();
  while (open.length > 0 && Date.now() - heard < patienceMs) {
    await sleep(LOOK_MS);
    const still = open.filter(({ ask }) => isPending(ask.standing()));
    if (still.length < open.length) heard = Date.now();
    open = still;
  }
  standing.disable();
  return { all, begun, standstillMs: Math.round(standing.max / 1e6) };
}

/** What the judge of the order must know. */
export interface Answered {
  readonly person: string;
  /** When their picture was to be seen, in milliseconds of any clock. */
  readonly at: number;
}

/** Whose first picture came after another's tenth, told one by one. */
export function unfair(painted: readonly Answered[]): readonly string[] {
  const byPerson = new Map<string, number[]>();
  for (const { person, at } of painted) byPerson.set(person, [...(byPerson.get(person) ?? []), at]);
  const all = [...byPerson].map(([person, times]) => ({ person, times: times.toSorted((a, b) => a - b) }));
  const tenths = all.flatMap(({ person, times }) => {
    const at = times[9];
    return at === undefined ? [] : [{ person, at }];
  });
  return all.flatMap(({ person, times: [first = 0] }) =>
    tenths
      .filter((tenth) => tenth.person !== person && tenth.at < first)
      .slice(0, 1)
      .map(
        (tenth) => `${person} had their first picture ${first - tenth.at} ms after ${tenth.person} had ten`,
      ),
  );
}
