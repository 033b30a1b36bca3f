import type { Command } from 'commander';
import type { Config, Environment } from '../../config.ts';
import type { Mask } from '../../observing/mask.ts';
import { untilStopped } from '../stop-signal.ts';
import { watched } from '../watch.ts';
import { shardConfig, startDiscord } from './discord.ts';
import { startSlack } from './slack.ts';

/** `impasto bot discord` and `impasto bot slack`. */
export function addBot(
  bot: Command,
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  mask: Mask,
): void {
  bot
    .command('discord')
    .description('serve Discord, on the queue at REDIS_URL; DISCORD_TOKEN is needed')
    .action(() =>
      untilStopped(async () => {
        const service = await watched('discord', shardConfig(config, env), say, mask, (watch) =>
          startDiscord(config, env, say, watch),
        );
        say('The bot is on Discord (Ctrl-C ends it).');
        return service;
      }),
    );
  bot
    .command('slack')
    .description(
      'serve Slack, on the queue at REDIS_URL; SLACK_BOT_TOKEN and SLACK_APP_TOKEN are needed, or those for HTTP',
    )
    .action(() =>
      untilStopped(async () => {
        const service = await watched('slack', config, say, mask, (watch) =>
          startSlack(config, env, say, watch),
        );
        say('The bot is on Slack (Ctrl-C ends it).');
        return service;
      }),
    );
}
