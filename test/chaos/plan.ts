import { randomSource } from '../../src/training/random.ts';

/** What can be killed. */
export const TARGETS = ['discord', 'slack', 'worker', 'redis'] as const;
export type Target = (typeof TARGETS)[number];

/** One power cut to come. */
export interface PlannedKill {
  /** Milliseconds after the one before. */
  readonly afterMs: number;
  readonly target: Target;
  /** For how long it is gone before it is started again. */
  readonly downMs: number;
}

/** One picture that a person wants. */
export interface PlannedRequest {
  readonly nth: number;
  readonly platform: 'discord' | 'slack';
  /** By a slash command on Discord and a mention on Slack, or by an emoji on a picture. */
  readonly how: 'command' | 'emoji';
  readonly style: string;
  readonly width: number;
  readonly height: number;
  /** The platform tells of it twice, the second time after so many milliseconds; undefined where only once. */
  readonly againMs: number | undefined;
  /** The person asks once more without waiting. */
  readonly impatient: boolean;
  /** How long the person waits before they ask. */
  readonly pauseMs: number;
}

export interface RequestPlan {
  readonly seed: number;
  readonly count: number;
  readonly styles: readonly string[];
  /** Of each picture, in pixels. */
  readonly sides: readonly [least: number, most: number];
  readonly pauseMs: number;
}

const AGAIN = 0.25;
const AGAIN_WITHIN_MS = 8_000;
const IMPATIENT = 0.15;
const EMOJI = 0.25;
const DOWN_MS = 3_000;

/** Power cuts without end, at moments that have nothing to do with each other: gaps are exponential around `meanMs`. */
export function* planKills(seed: number, meanMs: number): Generator<PlannedKill, never> {
  const random = randomSource(seed, 1);
  for (;;) {
    yield {
      afterMs: -Math.log(1 - random()) * meanMs,
      target: TARGETS[Math.floor(random() * TARGETS.length)] ?? 'redis',
      downMs: random() * DOWN_MS,
    };
  }
}

/**
 * Pictures of different sizes, so that whose painting one is can be told by its size: sides are log-uniform. Platforms take
 * turns. An emoji is put on Slack's pictures only: what Discord tells a bot that is away, it never tells again.
 */
export function planRequests({ seed, count, styles, sides, pauseMs }: RequestPlan): PlannedRequest[] {
  const random = randomSource(seed, 2);
  const [least, most] = sides;
  const side = (): number => Math.round(least * (most / least) ** random());
  const taken = new Set<string>();
  const size = (): readonly [number, number] => {
    for (;;) {
      const [width, height] = [side(), side()];
      const name = `${width}x${height}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return [width, height];
    }
  };
  return Array.from({ length: count }, (_, nth) => {
    const platform = nth % 2 === 0 ? 'discord' : 'slack';
    const [width, height] = size();
    const emoji = random() < EMOJI && platform === 'slack';
    return {
      nth,
      platform,
      how: emoji ? 'emoji' : 'command',
      style: styles[Math.floor(random() * styles.length)] ?? 'starry-night',
      width,
      height,
      againMs: random() < AGAIN ? random() * AGAIN_WITHIN_MS : undefined,
      impatient: random() < IMPATIENT,
      pauseMs: random() * 2 * pauseMs,
    };
  });
}
