import type { SlackConfig, SlackTenancy, SlackTransport } from '../../bots/slack/config.ts';
import type { Config } from '../../config.ts';
import { derivedKey } from '../../queue/secrets.ts';
import { missing } from './missing.ts';

const SLACK_API = 'https://slack.com/api/';
const SLACK_FILES = 'https://files.slack.com';

/**
 * How the Slack app is reached, from the settings.
 * @param secret from which the key is derived that signs the state that an installation comes back with
 * @throws ImpastoError `slack-settings-missing`, naming what to set and where it is found
 */
export function slackConfig(config: Config, secret: string): SlackConfig {
  const apiUrl = config.slackApiUrl.endsWith('/') ? config.slackApiUrl : `${config.slackApiUrl}/`;
  const moved = [
    ...(apiUrl === SLACK_API ? [] : [apiUrl]),
    ...(config.slackFilesUrl === SLACK_FILES ? [] : [config.slackFilesUrl]),
  ];
  return {
    transport: transportOf(config),
    tenancy: tenancyOf(config, secret),
    host: config.host,
    port: config.slackPort,
    apiUrl,
    unsafeOrigins: [...new Set(moved.map((url) => new URL(url).origin))],
  };
}

function transportOf({ slackTransport, slackAppToken, slackSigningSecret }: Config): SlackTransport {
  if (slackTransport === 'socket') {
    if (slackAppToken !== undefined) return { kind: 'socket', appToken: slackAppToken };
    throw missing(
      'slack-settings-missing',
      'SLACK_APP_TOKEN is not set. Make one at api.slack.com under Basic Information, App-Level Tokens, with the scope ' +
        'connections:write; or set SLACK_TRANSPORT=http.',
    );
  }
  if (slackSigningSecret !== undefined) return { kind: 'http', signingSecret: slackSigningSecret };
  throw missing(
    'slack-settings-missing',
    'SLACK_SIGNING_SECRET is not set. It stands at api.slack.com under Basic Information, App Credentials.',
  );
}

function tenancyOf(config: Config, secret: string): SlackTenancy {
  const { slackBotToken, slackClientId, slackClientSecret, publicUrl } = config;
  if (slackBotToken !== undefined) return { kind: 'single', botToken: slackBotToken };
  if (slackClientId === undefined && slackClientSecret === undefined) {
    throw missing(
      'slack-settings-missing',
      'SLACK_BOT_TOKEN is not set. It stands at api.slack.com under OAuth & Permissions once the app is installed. For ' +
        'many workspaces, set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL instead.',
    );
  }
  const names = Object.entries({
    SLACK_CLIENT_ID: slackClientId,
    SLACK_CLIENT_SECRET: slackClientSecret,
    PUBLIC_URL: publicUrl,
  }).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (slackClientId === undefined || slackClientSecret === undefined || publicUrl === undefined) {
    throw missing(
      'slack-settings-missing',
      `For many workspaces SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL are needed together; ${names.join(' and ')} is not set.`,
    );
  }
  return {
    kind: 'multi',
    clientId: slackClientId,
    clientSecret: slackClientSecret,
    stateSecret: derivedKey(secret, 'slack oauth state').toString('hex'),
    publicUrl,
  };
}
