import type { Logger } from 'pino';
import { type Config, childEnvironment, type Environment } from '../config.ts';
import { ImpastoError } from '../errors.ts';
import { createArtefacts } from '../queue/artefacts.ts';
import { createQueueContext, type QueueContext } from '../queue/context.ts';
import type { Artefacts } from '../queue/contract.ts';
import { silentLog } from '../queue/log.ts';
import { connect, describeAddress, type Role, reach } from '../queue/redis.ts';
import { artefactOptions } from './artefact-options.ts';
import { createPool, type Pool } from './pool/pool.ts';
import type { Watch } from './watch.ts';

/** What worker and playground are both built on: a log, a connection to Redis, and what is kept there. */
export interface House {
  readonly log: Logger;
  readonly url: string;
  readonly context: QueueContext;
  readonly artefacts: Artefacts;
  close(): Promise<void>;
}

/**
 * @throws ImpastoError `redis-unset`, `redis-address-invalid`; `redis-away` where Redis does not answer at the start.
 * Later on, whoever works waits for it to come back.
 */
export async function openHouse(
  config: Config,
  { log, observer }: Pick<Watch, 'log' | 'observer'>,
  role: Role,
): Promise<House> {
  const { redisUrl: url } = config;
  if (url === undefined) {
    throw new ImpastoError({
      code: 'redis-unset',
      userMessage:
        'REDIS_URL is not set, so there is no queue to join. Set it to the Redis that all processes share, ' +
        'or run “impasto up”, which starts everything on this machine.',
    });
  }
  const first = connect(url, 'producer', silentLog);
  try {
    await reach(first);
  } catch (cause) {
    throw new ImpastoError({
      code: 'redis-away',
      userMessage: `Redis at ${describeAddress(url)} can't be reached. Start it, or correct REDIS_URL.`,
      cause,
    });
  } finally {
    first.disconnect();
  }
  const redis = connect(url, role, log);
  const context = createQueueContext(redis, log, { maxOpen: config.maxOpenRequests }, observer);
  return {
    log,
    url,
    context,
    artefacts: createArtefacts(redis, artefactOptions(config)),
    close: async () => {
      await context.close();
      redis.disconnect();
    },
  };
}

/**
 * @param options.url the Redis where the children find artefacts; without it they only take bytes
 * @param options.placed called with the provider on which networks run, once that is known
 */
export function openPool(
  config: Config,
  env: Environment,
  options: {
    readonly children: number;
    readonly url?: string;
    readonly placed?: (provider: string) => void;
    say(sentence: string): void;
  },
): Pool {
  const { url, children, say, placed } = options;
  return createPool({
    setup: {
      models: config.models,
      provider: config.provider,
      precision: config.precision,
      providerFallback: config.providerFallback,
      threads: config.threads,
      workingSize: config.workingSize,
      upscaleMegapixels: config.upscaleMegapixels,
      limits: {
        bytes: config.pictureMegabytes * 1024 ** 2,
        pixels: config.pictureMegapixels * 1e6,
        side: config.pictureSide,
        frames: config.animationFrames,
        animationPixels: config.animationMegapixels * 1e6,
      },
      ...(url === undefined ? {} : { artefacts: { url, ...artefactOptions(config) } }),
    },
    env: childEnvironment(env),
    children,
    jobSeconds: config.jobSeconds,
    childBytes: config.childMegabytes * 1024 ** 2,
    childJobs: config.childJobs,
    onFallback: say,
    onPlaced: ({ provider, precision }) => {
      placed?.(provider);
      // Whoever asked for the cpu need not be told.
      if (config.provider !== 'cpu')
        say(`Networks run on ${provider === 'cpu' ? 'the cpu' : provider}, in ${precision}.`);
    },
  });
}
