import { PICTURE_HOSTS } from '../../bots/slack/config.ts';
import { createSlack } from '../../bots/slack/slack.ts';
import type { Config, Environment } from '../../config.ts';
import { createSealer } from '../../queue/secrets.ts';
import { openSecret } from '../secret.ts';
import type { Service } from '../stop-signal.ts';
import type { Watch } from '../watch.ts';
import { startBot } from './bot.ts';
import { slackConfig } from './slack-config.ts';

/**
 * Serve Slack: events, intake and delivery.
 * @throws ImpastoError `slack-settings-missing`; what `startStation` throws; what Slack's check of token and scopes throws
 */
export async function startSlack(
  config: Config,
  env: Environment,
  say: (sentence: string) => void,
  watch: Watch,
): Promise<Service> {
  const secret = await openSecret(config.secret, config.state);
  const slack = slackConfig(config, secret);
  const { slackPicturesUrl: pictures, slackUploadKilobytes } = config;
  return await startBot('slack', config, env, say, watch, {
    hosts: PICTURE_HOSTS,
    origins: [...slack.unsafeOrigins, ...(pictures === undefined ? [] : [new URL(pictures).origin])],
    registry: { grouped: true },
    make: (wiring) =>
      createSlack({
        ...wiring,
        config: slack,
        sealer: createSealer(wiring.secret, 'slack installation', config.olderSecrets),
        resultBytes: slackUploadKilobytes * 1024,
      }),
  });
}
