import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createBoard } from '../observing/board.ts';
import { createLog, type Scope } from '../observing/log.ts';
import type { Mask } from '../observing/mask.ts';
import { createMetrics } from '../observing/metrics.ts';
import { createObserver } from '../observing/observer.ts';
import { BOARD_PATH, type Check, startWatchServer } from '../observing/server.ts';
import type { Traces } from '../observing/traces.ts';
import { createArtefacts } from '../queue/artefacts.ts';
import { createQueueContext } from '../queue/context.ts';
import { createFigures, type FiguresReader } from '../queue/figures.ts';
import { silentLog } from '../queue/log.ts';
import type { JobKind, Observer } from '../queue/observer.ts';
import { createQueues, type Queues } from '../queue/queues.ts';
import { connect, reach } from '../queue/redis.ts';
import { artefactOptions } from './artefact-options.ts';
import type { Service } from './stop-signal.ts';

/** How a process is seen by whoever runs it; each part of the program tells it of itself. */
export interface Watch {
  readonly log: Logger;
  readonly observer: Observer;
  /** Keep this out of the log: a secret that is no setting. */
  hide(secret: string): void;
  /** The process is ready only while this holds. */
  needs(name: string, check: Check): void;
  /** Tell how these queues stand, on the Redis that is worked on. @throws ImpastoError `redis-away` */
  join(url: string, queues: readonly string[]): Promise<void>;
  /** Jobs of these kinds and networks are done here; how they end is counted from 0 on. */
  expect(kinds: readonly JobKind[], networks: readonly string[]): void;
  /** Where networks run: the provider that was asked for, and the one that is used. */
  provider(asked: string, used: string): void;
  /** The painting processes, by the memory that each holds. */
  children(held: () => Promise<readonly number[]>): void;
  close(): Promise<void>;
}

/** What a watch knows of Redis, once it is told where it is. */
interface Joined {
  readonly answers: Check;
  readonly queues: Queues;
  readonly figures: FiguresReader;
  close(): Promise<void>;
}

/**
 * Begin to watch a process: its log, and what METRICS_PORT and the settings of traces ask for.
 * Its log tells of an error that nobody has caught too, before the process ends by it.
 * @param service what it is: `worker`, `discord`, …
 * @param mask takes out of the log what nobody may read
 * @throws ImpastoError `metrics-port-unusable`
 */
export async function openWatch(
  service: string,
  config: Config,
  say: (sentence: string) => void,
  mask: Mask,
): Promise<Watch> {
  const scope: Scope = new AsyncLocalStorage();
  const log = createLog({ level: config.logLevel, mask, scope });
  const tellUncaught = (error: unknown): void => log.fatal({ err: error }, 'The process ends by a defect');
  const checks = new Map<string, Check>();
  const names = new Set<string>();
  const pools: (() => Promise<readonly number[]>)[] = [];
  let joined: Joined | undefined;
  const metrics = createMetrics({
    figures: async () => {
      try {
        return await joined?.figures.read(names);
      } catch (error) {
        log.info({ err: error }, 'How the queue stands could not be read');
        return 'away';
      }
    },
    children: async () => (await Promise.all(pools.map((held) => held()))).flat(),
  });
  const traces = await tracesOf(service, config, log);
  const { metricsPort: port, metricsHost: host, boardPassword } = config;
  const board = boardPassword === undefined ? undefined : createBoard(BOARD_PATH, boardPassword);
  const server =
    port === undefined ? undefined : await startWatchServer({ host, port, checks, metrics, board, log });
  process.on('uncaughtExceptionMonitor', tellUncaught);
  if (server) say(`Metrics are at ${server.address}/metrics.`);

  return {
    log,
    observer: createObserver({ log, scope, metrics, traces }),
    hide: mask.hide,
    needs: (name, check) => void checks.set(name, check),
    join: async (url, queues) => {
      if (server === undefined) return;
      joined ??= joinRedis(url, config);
      checks.set('redis', joined.answers);
      for (const name of queues.filter((each) => !names.has(each))) {
        names.add(name);
        board?.add(await joined.queues.open(name));
      }
    },
    expect: metrics.expect,
    provider: metrics.provider,
    children: (held) => void pools.push(held),
    close: async () => {
      await server?.close();
      await joined?.close();
      await traces?.close();
      metrics.close();
      process.off('uncaughtExceptionMonitor', tellUncaught);
    },
  };
}

/**
 * Start a part of the program under a watch, which says that it is not ready until it has started.
 * @param start what else it throws than `openWatch` does
 */
export async function watched<S extends Service>(
  service: string,
  config: Config,
  say: (sentence: string) => void,
  mask: Mask,
  start: (watch: Watch) => Promise<S>,
): Promise<S> {
  const watch = await openWatch(service, config, say, mask);
  let started = false;
  watch.needs('started', () => started);
  try {
    const running = await start(watch);
    started = true;
    return {
      ...running,
      close: async () => {
        started = false;
        await running.close();
        await watch.close();
      },
    };
  } catch (error) {
    await watch.close();
    throw error;
  }
}

/** By a connection that fails soon: whoever asks how things stand does not wait for them to be well again. */
function joinRedis(url: string, config: Config): Joined {
  const redis = connect(url, 'producer', silentLog);
  const context = createQueueContext(redis, silentLog);
  const queues = createQueues(redis);
  const figures = createFigures(context, createArtefacts(redis, artefactOptions(config)));
  return {
    queues,
    figures,
    answers: () => reach(redis).then(() => true),
    close: async () => {
      await figures.close();
      await queues.close();
      await context.close();
      redis.disconnect();
    },
  };
}

/** The library is loaded only where somebody wants traces. */
async function tracesOf(
  service: string,
  { tracesEndpoint, tracesHeaders }: Config,
  log: Logger,
): Promise<Traces | undefined> {
  if (tracesEndpoint === undefined) return undefined;
  const { openTraces } = await import('../observing/traces.ts');
  return openTraces({ endpoint: tracesEndpoint, headers: tracesHeaders, service: `impasto-${service}`, log });
}
