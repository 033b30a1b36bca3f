import { AsyncLocalStorage } from 'node:async_hooks';
import { createLog } from '../../src/observing/log.ts';
import { createMask } from '../../src/observing/mask.ts';
import { createMetrics, type Metrics, type Sources } from '../../src/observing/metrics.ts';
import { createObserver } from '../../src/observing/observer.ts';
import type { Traces } from '../../src/observing/traces.ts';
import type { Observer } from '../../src/queue/observer.ts';

/** A log line, as it is written. */
export type Line = Readonly<Record<string, unknown>>;

/** An observer, and what it has to tell. */
export interface Observed {
  readonly observer: Observer;
  readonly log: ReturnType<typeof createLog>;
  readonly lines: readonly Line[];
  readonly metrics: Metrics;
  /** One sample, by its name and labels as Prometheus's text has them; undefined where there is none. */
  sample(named: string): Promise<number | undefined>;
}

export function observe(traces?: Traces, sources: Partial<Sources> = {}): Observed {
  const scope = new AsyncLocalStorage<Readonly<Record<string, unknown>>>();
  const lines: Line[] = [];
  const log = createLog({
    level: 'info',
    mask: createMask([]),
    scope,
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  const metrics = createMetrics({ figures: async () => undefined, children: async () => [], ...sources });
  return {
    observer: createObserver({ log, scope, metrics, traces }),
    log,
    lines,
    metrics,
    sample: async (named) => sampleOf(await metrics.text(), named),
  };
}

export function sampleOf(text: string, named: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${named} `));
  return line === undefined ? undefined : Number(line.slice(named.length + 1));
}
