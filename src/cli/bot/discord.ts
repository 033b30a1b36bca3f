import { createDiscord } from '../../bots/discord/discord.ts';
import { pictureHosts } from '../../bots/discord/options.ts';
import type { Config, Environment } from '../../config.ts';
import type { Service } from '../stop-signal.ts';
import { startBot } from './bot.ts';
import { missing } from './missing.ts';

/**
 * Serve Discord: events, intake and delivery.
 * @throws ImpastoError `discord-token-unset`; what `startStation` throws; what Discord's login throws, naming the token or
 * the intent that is wrong
 */
export async function startDiscord(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
): Promise<Service> {
  const { discordToken: token, discordApiUrl: apiUrl, discordCdnUrl: cdnUrl } = config;
  if (token === undefined) {
    throw missing(
      'discord-token-unset',
      'DISCORD_TOKEN is not set. It stands in the Developer Portal (discord.com/developers), under your application, Bot, ' +
        'Reset Token.',
    );
  }
  return await startBot('discord', config, env, say, {
    hosts: pictureHosts,
    origins: cdnUrl === 'https://cdn.discordapp.com' ? [] : [new URL(cdnUrl).origin],
    make: (wiring) => createDiscord({ ...wiring, token, apiUrl, cdnUrl }),
  });
}
