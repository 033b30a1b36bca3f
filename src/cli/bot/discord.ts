import { createDiscord } from '../../bots/discord/discord.ts';
import { pictureHosts } from '../../bots/discord/options.ts';
import { ownShards, startShards, untilAlone } from '../../bots/discord/shards.ts';
import type { Config, Environment } from '../../config.ts';
import type { Service } from '../stop-signal.ts';
import type { Watch } from '../watch.ts';
import { startBot } from './bot.ts';
import { missing } from './missing.ts';

/** The settings of this process: each shard serves its metrics at a port of its own, above that of the process that starts them. */
export function shardConfig(config: Config, env: Environment): Config {
  const [first] = ownShards(env) ?? [];
  const { metricsPort } = config;
  if (first === undefined || !metricsPort) return config;
  return { ...config, metricsPort: metricsPort + 1 + first };
}

/**
 * Serve Discord: events, intake and delivery; in several processes where DISCORD_SHARDS asks for them.
 * @param file the program itself, which each shard runs
 * @throws ImpastoError `discord-token-unset`; what `startStation` throws; what Discord's login throws, naming the token or
 * the intent that is wrong
 */
export async function startDiscord(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
  file: string = process.argv[1] ?? '',
): Promise<Service> {
  const { discordToken: token, discordApiUrl: apiUrl, discordCdnUrl: cdnUrl, discordShards } = config;
  if (token === undefined) {
    throw missing(
      'discord-token-unset',
      'DISCORD_TOKEN is not set. It stands in the Developer Portal (discord.com/developers), under your application, Bot, ' +
        'Reset Token.',
    );
  }
  const own = ownShards(env);
  if (own === undefined && discordShards !== 1) {
    const shards = await startShards({
      token,
      apiUrl,
      shards: discordShards,
      file,
      args: ['bot', 'discord'],
      without: ['DISCORD_TOKEN_FILE'],
      execArgv: process.execArgv,
      log: watch.log,
    });
    say(`The bot runs in ${shards.count} shards.`);
    return shards;
  }
  const bot = await startBot('discord', config, env, say, watch, {
    servesLinks: own === undefined || own.includes(0),
    hosts: pictureHosts,
    origins: cdnUrl === 'https://cdn.discordapp.com' ? [] : [new URL(cdnUrl).origin],
    make: (wiring) => createDiscord({ ...wiring, token, apiUrl, cdnUrl }),
  });
  if (own === undefined) return bot;
  const alone = untilAlone();
  return { ...bot, ended: bot.ended === undefined ? alone : Promise.race([bot.ended, alone]) };
}
