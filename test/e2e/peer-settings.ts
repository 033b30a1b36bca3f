import type { DiscordPeer } from '../bots/discord/peer/api.ts';
import type { SlackPeer } from '../bots/slack/peer/slack-peer.ts';
import type { Secrets } from '../secrecy.ts';

/** By which the bot finds this Discord. */
export function discordSettings({ token, apiUrl, cdnUrl }: DiscordPeer): Readonly<Record<string, string>> {
  return { DISCORD_TOKEN: token, UNSAFE_DISCORD_API_URL: apiUrl, UNSAFE_DISCORD_CDN_URL: cdnUrl };
}

/** By which the bot finds this Slack. @param port where it listens over HTTP */
export function slackSettings(
  { settings }: SlackPeer,
  mode: 'socket' | 'http',
  port: number,
): Readonly<Record<string, string>> {
  return {
    SLACK_BOT_TOKEN: settings.botToken,
    UNSAFE_SLACK_API_URL: settings.slackApiUrl,
    UNSAFE_SLACK_FILES_URL: settings.filesUrl,
    UNSAFE_SLACK_PICTURES_URL: settings.outsideUrl,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: settings.appToken }
      : { SLACK_TRANSPORT: 'http', SLACK_SIGNING_SECRET: settings.signingSecret, SLACK_PORT: String(port) }),
  };
}

/** What this Discord gives the bot and nobody may read. */
export function discordSecrets({ token }: DiscordPeer): Secrets {
  // All tokens of interactions begin so.
  return { 'Discord’s token': token, 'a token of an interaction': base64url('interaction:') };
}

/** What this Slack gives the bot and nobody may read. */
export function slackSecrets(peer: SlackPeer): Secrets {
  const { botToken, appToken, signingSecret, clientSecret } = peer.settings;
  return {
    'Slack’s token': botToken,
    'the app’s token': appToken,
    'the signing secret': signingSecret,
    'the client’s secret': clientSecret,
    'an address to answer at': `/hooks/${peer.team().id}`,
  };
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
