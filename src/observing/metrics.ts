import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Figures } from '../queue/figures.ts';
import type { AttemptEnd, JobKind, Verdict } from '../queue/observer.ts';
import type { FinalState } from '../queue/request.ts';

/** What is asked for anew at each scrape. */
export interface Sources {
  /** Undefined where this process works on no Redis, or not yet. */
  readonly figures: () => Promise<Figures | 'away' | undefined>;
  /** The bytes of memory that each painting process holds. */
  readonly children: () => Promise<readonly number[]>;
}

/** What is counted of a process; each process tells of itself, and of the queue that all share. */
export interface Metrics {
  /**
   * Begin at 0 to count how jobs of these kinds end: Prometheus sees no rise in a counter that begins at 1, so the first
   * losses would raise no alert.
   */
  expect(kinds: readonly JobKind[], networks: readonly string[]): void;
  submitted(platform: string, network: string, verdict: Verdict | 'error'): void;
  ended(job: {
    readonly kind: JobKind;
    readonly network: string;
    readonly end: AttemptEnd | 'lost';
    readonly seconds?: number;
    readonly waitedSeconds?: number;
  }): void;
  closed(platform: string, network: string, state: FinalState, seconds: number): void;
  /** Where networks run: the provider that was asked for, and the one that is used. */
  provider(asked: string, used: string): void;
  /** In Prometheus's text format. */
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}

/** Seconds; a picture may be given up only after JOB_SECONDS, and a line be long. */
const LONG = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280];

/** Stands for the style or upscaler where nobody knows it. */
export const NO_NETWORK = 'unknown';

/** The ends that alerts ask for. */
const ENDS: readonly (AttemptEnd | 'lost')[] = ['done', 'failed', 'unposted', 'lost'];

/** Names that begin with `process_` and `nodejs_` are prom-client's own: memory, processor, event loop, collections. */
export function createMetrics(sources: Sources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const submissions = new Counter({
    name: 'impasto_submissions_total',
    help: 'Requests as they came in: accepted, refused because too many are open (full), or seen before (event, intent)',
    labelNames: ['platform', 'network', 'verdict'],
    registers,
  });
  const jobs = new Counter({
    name: 'impasto_jobs_total',
    help: 'Attempts at jobs by how they ended (unposted: the answer has no place any more; refused: what was asked for can not be had), and by the style or upscaler (network)',
    labelNames: ['kind', 'state', 'network'],
    registers,
  });
  function expect(kinds: readonly JobKind[], networks: readonly string[]): void {
    for (const kind of kinds)
      for (const network of networks) for (const state of ENDS) jobs.inc({ kind, state, network }, 0);
  }
  expect(['intake', 'inference', 'delivery'], [NO_NETWORK]);
  const wait = new Histogram({
    name: 'impasto_job_wait_seconds',
    help: 'How long jobs stood in line before their first attempt',
    labelNames: ['kind'],
    buckets: LONG,
    registers,
  });
  const run = new Histogram({
    name: 'impasto_job_run_seconds',
    help: 'How long attempts at jobs took: fetching (intake), painting (inference), posting (delivery)',
    labelNames: ['kind', 'network'],
    buckets: LONG,
    registers,
  });
  const requests = new Histogram({
    name: 'impasto_request_seconds',
    help: 'From the event to the posted answer, by how the request ended',
    labelNames: ['platform', 'network', 'state'],
    buckets: LONG,
    registers,
  });
  const provider = new Gauge({
    name: 'impasto_provider_info',
    help: 'Always 1: the provider that was asked for, and the one that networks run on',
    labelNames: ['asked', 'used'],
    registers,
  });
  const children = childGauges(registers);
  const queue = queueGauges(registers);

  return {
    expect,
    submitted: (platform, network, verdict) => submissions.inc({ platform, network, verdict }),
    ended: ({ kind, network, end, seconds, waitedSeconds }) => {
      jobs.inc({ kind, state: end, network });
      if (seconds !== undefined) run.observe({ kind, network }, seconds);
      if (waitedSeconds !== undefined) wait.observe({ kind }, waitedSeconds);
    },
    closed: (platform, network, state, seconds) => requests.observe({ platform, network, state }, seconds),
    provider: (asked, used) => {
      provider.reset();
      provider.set({ asked, used }, 1);
    },
    text: async () => {
      const [figures, held] = await Promise.all([sources.figures(), sources.children()]);
      queue.show(figures);
      children.show(held);
      return registry.metrics();
    },
    contentType: registry.contentType,
    close: () => registry.clear(),
  };
}

/** What all processes share: each that is asked tells the same. What is not known is left out. */
function queueGauges(registers: Registry[]): { show(figures: Figures | 'away' | undefined): void } {
  const up = new Gauge({
    name: 'impasto_redis_up',
    help: '1 where Redis answers this process, 0 where it does not; left out where the process works on none',
    registers,
  });
  const depth = new Gauge({
    name: 'impasto_queue_jobs',
    help: 'Jobs by queue and state; shared by all processes, so take the largest rather than the sum',
    labelNames: ['queue', 'state'],
    registers,
  });
  const open = new Gauge({
    name: 'impasto_open_requests',
    help: 'Requests not yet answered: waiting to begin, or running; shared by all processes',
    labelNames: ['state'],
    registers,
  });
  const artefacts = new Gauge({
    name: 'impasto_artefact_bytes',
    help: 'Bytes of all kept pictures together; shared by all processes',
    registers,
  });
  const memory = new Gauge({
    name: 'impasto_redis_memory_bytes',
    help: 'What Redis holds in memory (used), and what it may (limit; 0 for no limit)',
    labelNames: ['what'],
    registers,
  });

  return {
    show: (figures) => {
      for (const gauge of [depth, open, memory]) gauge.reset();
      // One without labels is 0 by a reset; only by this it is gone.
      for (const gauge of [up, artefacts]) gauge.remove();
      if (figures === undefined) return;
      up.set(figures === 'away' ? 0 : 1);
      if (figures === 'away') return;
      for (const [name, counts] of figures.depths) {
        for (const [state, count] of Object.entries(counts)) depth.set({ queue: name, state }, count);
      }
      open.set({ state: 'waiting' }, figures.line.waiting);
      open.set({ state: 'running' }, figures.line.running);
      artefacts.set(figures.artefactBytes);
      memory.set({ what: 'used' }, figures.redisBytes);
      memory.set({ what: 'limit' }, figures.redisLimitBytes);
    },
  };
}

function childGauges(registers: Registry[]): { show(held: readonly number[]): void } {
  const children = new Gauge({
    name: 'impasto_children',
    help: 'Processes that decode and paint',
    registers,
  });
  const memory = new Gauge({
    name: 'impasto_children_resident_memory_bytes',
    help: 'Memory that these processes hold together',
    registers,
  });
  return {
    show: (held) => {
      children.set(held.length);
      memory.set(held.reduce((all, bytes) => all + bytes, 0));
    },
  };
}
