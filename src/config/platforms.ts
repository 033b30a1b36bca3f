import { z } from 'zod';
import { type Fields, field, text, whole } from './fields.ts';

/** What the bots need beside the program's own settings. */
export interface PlatformSettings {
  readonly discordToken: string | undefined;
  readonly discordApiUrl: string;
  readonly discordCdnUrl: string;
  readonly discordShards: number | 'auto';
  readonly slackBotToken: string | undefined;
  readonly slackAppToken: string | undefined;
  readonly slackSigningSecret: string | undefined;
  readonly slackClientId: string | undefined;
  readonly slackClientSecret: string | undefined;
  readonly slackTransport: 'socket' | 'http';
  readonly slackPort: number;
  readonly slackUploadKilobytes: number;
  readonly slackApiUrl: string;
  readonly slackFilesUrl: string;
  readonly slackPicturesUrl: string | undefined;
  readonly fetchFrom: 'platforms' | 'public';
  readonly publicUrl: string | undefined;
  readonly publicPort: number;
  readonly personPerHour: number;
  readonly serverPerHour: number;
}

const address = z.url({ protocol: /^https?$/ });

/** The bots' settings. Those that move where tokens go have names that nobody sets by accident. */
export const platformFields: Fields<PlatformSettings> = {
  discordToken: field(text.optional(), {
    variable: 'DISCORD_TOKEN',
    expected: 'the bot’s token from the Developer Portal',
    help: 'the Discord bot’s token',
    secret: 'all',
  }),
  discordApiUrl: field(address.prefault('https://discord.com/api'), {
    variable: 'UNSAFE_DISCORD_API_URL',
    expected: 'an address that begins with http',
    help: 'another peer in place of Discord’s REST API: it is given the bot’s token',
  }),
  discordCdnUrl: field(address.prefault('https://cdn.discordapp.com'), {
    variable: 'UNSAFE_DISCORD_CDN_URL',
    expected: 'an address that begins with http',
    help: 'another peer in place of Discord’s CDN: pictures are fetched from it',
  }),
  discordShards: field(z.union([z.literal('auto'), whole(1, 10_000)]).prefault('1'), {
    variable: 'DISCORD_SHARDS',
    expected: 'auto, or a whole number from 1 to 10000',
    help: 'processes that share the servers among themselves; needed from 2500 servers on',
  }),
  slackBotToken: field(text.startsWith('xoxb-').optional(), {
    variable: 'SLACK_BOT_TOKEN',
    expected: 'a token that begins with xoxb-',
    help: 'the Slack bot’s token, for one workspace',
    secret: 'all',
  }),
  slackAppToken: field(text.startsWith('xapp-').optional(), {
    variable: 'SLACK_APP_TOKEN',
    expected: 'a token that begins with xapp-',
    help: 'the Slack app’s token, for Socket Mode',
    secret: 'all',
  }),
  slackSigningSecret: field(text.optional(), {
    variable: 'SLACK_SIGNING_SECRET',
    expected: 'the app’s signing secret',
    help: 'by which requests are known to be Slack’s, for HTTP',
    secret: 'all',
  }),
  slackClientId: field(text.optional(), {
    variable: 'SLACK_CLIENT_ID',
    expected: 'the app’s client id',
    help: 'for installing into many workspaces, over HTTP',
  }),
  slackClientSecret: field(text.optional(), {
    variable: 'SLACK_CLIENT_SECRET',
    expected: 'the app’s client secret',
    help: 'for installing into many workspaces, over HTTP',
    secret: 'all',
  }),
  slackTransport: field(z.enum(['socket', 'http']).prefault('socket'), {
    variable: 'SLACK_TRANSPORT',
    expected: 'socket or http',
    help: 'how Slack reaches the bot: Socket Mode needs no public address',
  }),
  slackPort: field(whole(0, 65_535).prefault('4702'), {
    variable: 'SLACK_PORT',
    expected: 'a whole number from 0 to 65535',
    help: 'where the bot listens for Slack over HTTP, on HOST',
  }),
  // Slack takes files of 1 GB, but makes no preview of a very large one, and what has none can't stand in a message:
  // 20 MB leave room for a 12-megapixel PNG.
  slackUploadKilobytes: field(whole(1, 1_048_576).prefault('20480'), {
    variable: 'SLACK_UPLOAD_KILOBYTES',
    expected: 'a whole number from 1 to 1048576',
    help: 'the largest result that is uploaded to Slack as it is; less where a workspace takes less',
  }),
  slackApiUrl: field(address.prefault('https://slack.com/api/'), {
    variable: 'UNSAFE_SLACK_API_URL',
    expected: 'an address that begins with http',
    help: 'another peer in place of Slack’s Web API: it is given the bot’s tokens',
  }),
  slackFilesUrl: field(address.prefault('https://files.slack.com'), {
    variable: 'UNSAFE_SLACK_FILES_URL',
    expected: 'an address that begins with http',
    help: 'another peer in place of Slack’s host of files: it is given the bot’s tokens',
  }),
  slackPicturesUrl: field(address.optional(), {
    variable: 'UNSAFE_SLACK_PICTURES_URL',
    expected: 'an address that begins with http',
    help: 'another peer beside Slack’s hosts of avatars and previews: pictures are fetched from it, without a token',
  }),
  fetchFrom: field(z.enum(['platforms', 'public']).prefault('platforms'), {
    variable: 'FETCH_FROM',
    expected: 'platforms or public',
    help: 'where the bots fetch pictures: from their platforms’ own hosts, or from any public one by https, as links and other apps show them',
  }),
  publicUrl: field(address.optional(), {
    variable: 'PUBLIC_URL',
    expected: 'an address that begins with http',
    help: 'where PUBLIC_PORT is reached from outside: results too large for a message are linked there, and Slack’s installation begins there',
  }),
  publicPort: field(whole(0, 65_535).prefault('4701'), {
    variable: 'PUBLIC_PORT',
    expected: 'a whole number from 0 to 65535',
    help: 'where links to pictures are served, on HOST; only with PUBLIC_URL',
  }),
  personPerHour: field(whole(0, 100_000).prefault('60'), {
    variable: 'PERSON_PER_HOUR',
    expected: 'a whole number from 0 to 100000',
    help: 'requests that one person may make within an hour; 0 for no limit',
  }),
  serverPerHour: field(whole(0, 1_000_000).prefault('600'), {
    variable: 'SERVER_PER_HOUR',
    expected: 'a whole number from 0 to 1000000',
    help: 'requests that one server or workspace may make within an hour; 0 for no limit',
  }),
};
