import { Server } from 'node:http';
import { App, type Logger, LogLevel, type webApi } from '@slack/bolt';
import { afterEach } from 'vitest';
import { eventually } from '../../queue/support.ts';
import type { SlackPeerOptions } from './peer/connect.ts';
import { type SlackPeer, startSlackPeer } from './peer/slack-peer.ts';

export interface Bot {
  readonly peer: SlackPeer;
  readonly app: App;
  readonly client: webApi.WebClient;
  /** Where it listens; empty for Socket Mode. */
  readonly address: string;
  /** Everything that the bot was told, with its tries. */
  readonly heard: readonly string[];
  stop(): Promise<void>;
}

export interface Bots {
  /** A peer and a bot with Socket Mode. */
  socket(options?: Partial<SlackPeerOptions>): Promise<Bot>;
  /** A peer and a bot that listens. */
  http(options?: Partial<SlackPeerOptions>): Promise<Bot>;
}

/** What goes wrong here goes wrong on purpose. */
export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: (): LogLevel => LogLevel.ERROR,
  setName() {},
};

/** Bots of the real library, with their peers; each test's end closes its own. */
export function useBots(): Bots {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function start(options: SlackPeerOptions): Promise<Bot> {
    const peer = await startSlackPeer(options);
    closing.push(() => peer.close());
    const { appToken, botToken, slackApiUrl, signingSecret } = peer.settings;
    const app = new App({
      token: botToken,
      logger: silent,
      clientOptions: { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
      ...(options.mode === 'http' ? { signingSecret } : { socketMode: true, appToken }),
    });
    const heard: string[] = [];
    app.use(async ({ body, context, next }) => {
      const event = 'event' in body ? body.event : body;
      heard.push(`${'type' in event ? event.type : 'command'} ${context.retryNum ?? 0}`);
      await next();
    });
    const server = await app.start(0);
    const address = options.mode === 'http' ? addressOf(server) : '';
    if (address !== '') peer.moveBot(address);
    // The library checks its token by itself, and nobody waits for that where the test ends first.
    await eventually(() => peer.calls('auth.test').some(({ status }) => status !== undefined));
    let stopped = false;
    const stop = async () => {
      if (!stopped) await app.stop();
      stopped = true;
    };
    closing.push(stop);
    return { peer, app, client: app.client, address, heard, stop };
  }
  return {
    socket: (options) => start({ ...options, mode: 'socket' }),
    http: (options) => start({ ...options, mode: 'http' }),
  };
}

export function addressOf(server: unknown): string {
  const bound = server instanceof Server ? server.address() : null;
  if (bound === null || typeof bound === 'string') throw new Error('the bot listens on no port');
  return `http://127.0.0.1:${bound.port}/slack/events`;
}
