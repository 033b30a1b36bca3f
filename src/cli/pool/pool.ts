import { Tinypool } from 'tinypool';
import { z } from 'zod';
import { ImpastoError } from '../../errors.ts';
import { PRECISIONS } from '../../graph/half.ts';
import type { Inspection } from '../../images/decode.ts';
import type { Fitted } from '../../images/fit.ts';
import type { RecodeFormat } from '../../images/recode.ts';
import type { PaintedBytes, PaintJob } from '../../inference/paint-bytes.ts';
import type { OnProgress } from '../../inference/progress.ts';
import { PROVIDERS } from '../../inference/providers.ts';
import type { Placement } from '../../inference/self-test.ts';
import type { ArtefactInfo, Task } from '../../queue/request.ts';
import { residentBytesOf } from './memory.ts';
import {
  type ChildAnswer,
  type ChildNews,
  type ChildSetup,
  type ChildTasks,
  revive,
  SETUP_VARIABLE,
} from './messages.ts';

/** What children are told, and when one is replaced. */
export interface PoolOptions {
  readonly setup: ChildSetup;
  /** The children's whole environment, but for their setup. */
  readonly env: Readonly<Record<string, string>>;
  /** How many children there are at most; each is started when it is first needed. */
  readonly children: number;
  /** A job that takes longer is killed with its child. */
  readonly jobSeconds: number;
  /** A child that holds more memory after a job is replaced, and so is one that has done so many jobs. */
  readonly childBytes: number;
  readonly childJobs: number;
  /** Told once, in a sentence, why a child takes another provider or precision than the one asked for. */
  readonly onFallback: (userMessage: string) => void;
  /** Told where networks run once that is known, and whenever it changes. */
  readonly onPlaced: (placement: Placement) => void;
}

interface JobOptions {
  /** Kills the child at work. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Child processes for strangers' bytes and long runs. Each method throws what its work throws, and ImpastoError
 * `job-too-slow` and `child-died` (the first is final, the second may pass); the signal's reason once it has aborted.
 */
export interface Pool {
  paint(bytes: Uint8Array, job: PaintJob, options?: JobOptions): Promise<PaintedBytes>;
  paintArtefact(source: ArtefactInfo, task: Task, options?: JobOptions): Promise<ArtefactInfo>;
  inspect(bytes: Uint8Array, options?: JobOptions): Promise<Inspection>;
  /** A picture of ours in at most `limit` bytes, in one of these formats; undefined where that can't be. */
  recode(
    bytes: Uint8Array,
    limit: number,
    formats: readonly RecodeFormat[],
    options?: JobOptions,
  ): Promise<Fitted | undefined>;
  /**
   * Start a child and see whether it has the provider, and whether that can be trusted.
   * @throws ImpastoError without a fallback `provider-missing`, `provider-wrong`, `half-on-cpu`
   */
  tryProvider(): Promise<void>;
  /** The memory that each child holds. */
  residentBytes(): Promise<readonly number[]>;
  /** End the children, whatever they do. */
  close(): Promise<void>;
}

const news = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), fraction: z.number() }),
  z.object({ kind: z.literal('fallback'), userMessage: z.string() }),
  z.object({ kind: z.literal('placed'), provider: z.enum(PROVIDERS), precision: z.enum(PRECISIONS) }),
]);

/** A pool without any child yet: each starts when there is work for it. */
export function createPool(options: PoolOptions): Pool {
  const { setup, env, children, jobSeconds, childBytes, childJobs } = options;
  const tinypool = new Tinypool({
    runtime: 'child_process',
    filename: childFile(),
    minThreads: 0,
    maxThreads: children,
    idleTimeout: 2 ** 31 - 1,
    serialization: 'advanced',
    env: { ...env, [SETUP_VARIABLE]: JSON.stringify(setup) },
  });
  // A child that ends while it has nothing to do is missed by nobody: the next job starts another.
  tinypool.on('error', () => undefined);
  // A child at work would see that we are gone only when it is done.
  const endChildren = (): void => {
    for (const child of tinypool.threads) void child.terminate();
  };
  process.once('exit', endChildren);
  const tellOwner = createTeller(options);

  async function run<Name extends keyof ChildTasks, T>(
    name: Name,
    task: ChildTasks[Name],
    { signal, onProgress }: JobOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), jobSeconds * 1000);
    const hear = (message: ChildNews): void => {
      if (message.kind === 'progress') onProgress?.(message.fraction);
      else tellOwner(message);
    };
    try {
      const { value, residentBytes, jobs }: ChildAnswer<T> = await tinypool.run(task, {
        name,
        signal: AbortSignal.any([late.signal, ...(signal ? [signal] : [])]),
        channel: { postMessage: (message) => hear(news.parse(message)) },
      });
      if (residentBytes > childBytes || jobs >= childJobs) await tinypool.recycleWorkers();
      return value;
    } catch (error) {
      signal?.throwIfAborted();
      if (late.signal.aborted) throw tooSlow(jobSeconds);
      // What a child throws comes over as a plain object; an Error is the pool's own, of a child that is gone.
      throw error instanceof Error ? died(error) : revive(error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    paint: (bytes, job, rest) => run('paint', { bytes, job }, rest),
    paintArtefact: (source, task, rest) => run('paintArtefact', { source, task }, rest),
    inspect: (bytes, rest) => run('inspect', { bytes }, rest),
    recode: (bytes, limit, formats, rest) => run('recode', { bytes, limit, formats }, rest),
    tryProvider: () => run('tryProvider', {}),
    residentBytes: () => residentBytesOf(tinypool.threads.map(({ threadId }) => threadId)),
    close: async () => {
      await tinypool.destroy();
      process.off('exit', endChildren);
    },
  };
}

/** Every child finds out by itself where it runs; whoever owns them is not told the same by each. */
function createTeller({
  onFallback,
  onPlaced,
}: PoolOptions): (message: Exclude<ChildNews, { readonly kind: 'progress' }>) => void {
  const said = new Set<string>();
  let place = '';
  return (message) => {
    if (message.kind === 'fallback') {
      if (said.has(message.userMessage)) return;
      said.add(message.userMessage);
      onFallback(message.userMessage);
      return;
    }
    const { provider, precision } = message;
    if (place === `${provider} ${precision}`) return;
    place = `${provider} ${precision}`;
    onPlaced({ provider, precision });
  };
}

/** Beside this file, in `src` as in `dist`. */
function childFile(): string {
  return new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url).href;
}

function tooSlow(jobSeconds: number): ImpastoError {
  return new ImpastoError({
    code: 'job-too-slow',
    userMessage: `This picture was given up after ${jobSeconds} seconds. Try a smaller one.`,
    report: true,
    publicMessage: true,
    data: { jobSeconds },
  });
}

function died(cause: unknown): ImpastoError {
  return new ImpastoError({
    code: 'child-died',
    userMessage: 'Painting this picture broke off. Try again, or try a smaller one.',
    retryable: true,
    report: true,
    publicMessage: true,
    cause,
  });
}
