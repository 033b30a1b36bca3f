import { join } from 'node:path';
import type { Config, Environment } from '../config.ts';
import { tellNobodyPaints } from '../queue/fresh-start.ts';
import { type PrivateRedis, startPrivateRedis } from '../queue/private-redis.ts';
import { startDiscord } from './bot/discord.ts';
import { startSlack } from './bot/slack.ts';
import { openHouse } from './house.ts';
import { startPlayground } from './playground.ts';
import type { Service } from './stop-signal.ts';
import type { Watch } from './watch.ts';
import { startWorker } from './worker.ts';

/** The part of Redis's memory that artefacts may take; the rest is for jobs, threads and what it needs to write. */
const ARTEFACTS_SHARE = 0.6;

/**
 * Everything on this machine: a private Redis unless one is set, a worker, the playground, and the bots of the platforms
 * whose tokens are set.
 * @throws ImpastoError what keeps any of them from starting; those that did start are ended first
 */
export async function startAll(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
): Promise<Service & { readonly url: string }> {
  const started: Service[] = [];
  const close = async (): Promise<void> => {
    for (const service of started.reverse()) await service.close();
  };
  try {
    const redis = config.redisUrl === undefined ? await startRedis(config, watch) : undefined;
    if (redis) started.push({ close: () => redis.stop() });
    const joined = redis ? { ...config, redisUrl: redis.url } : config;
    if (redis) {
      const house = await openHouse(joined, watch, 'producer');
      await tellNobodyPaints(house.context).finally(() => house.close());
    }
    started.push(await startWorker(joined, env, say, watch));
    const playground = await startPlayground(joined, env, say, watch);
    started.push(playground);
    if (config.discordToken !== undefined) {
      // All in one: shards are processes that find Redis by themselves.
      started.push(await startDiscord({ ...joined, discordShards: 1 }, env, say, watch));
      say('The bot is on Discord.');
    }
    if ((config.slackBotToken ?? config.slackClientId) !== undefined) {
      started.push(await startSlack(joined, env, say, watch));
      say('The bot is on Slack.');
    }
    return { url: playground.url, ended: redis?.exited, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startRedis(config: Config, { log }: Watch): Promise<PrivateRedis> {
  return startPrivateRedis({
    binary: config.redisBinary,
    argv0: config.redisArgv0,
    folder: join(config.state, 'redis'),
    persistence: 'everysec',
    maxMemoryBytes: Math.ceil((config.artefactMegabytes * 1024 ** 2) / ARTEFACTS_SHARE),
    log,
  });
}
