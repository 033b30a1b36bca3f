import type { Transport } from './deliveries.ts';
import { EVERY_EVENT } from './events.ts';
import { createHttpTransport, type HttpTransport } from './http-transport.ts';
import { secret, slackId } from './ids.ts';
import type { Listening } from './listen.ts';
import { createSocketTransport, type SocketTransport } from './socket-transport.ts';
import type { Clocks, SlackApp } from './world.ts';

export interface SlackPeerOptions {
  readonly mode: 'socket' | 'http';
  /** HTTP: the bot's request URL, `http://127.0.0.1:3000/slack/events`; `moveBot` can name it later. */
  readonly botUrl?: string;
  /** What the app may do; everything that a picture bot may want where it is not said. */
  readonly scopes?: readonly string[];
  /** The events that the app has subscribed to, by their names in its settings; all where it is not said. */
  readonly events?: readonly string[];
  readonly clocks?: Partial<Clocks>;
  /** Whether the first workspace has the app from the start; it has where it is not said. */
  readonly installed?: boolean;
}

/** The scopes of an app to which nothing is denied that the peer knows. */
export const EVERY_SCOPE: readonly string[] = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'channels:join',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'reactions:read',
  'reactions:write',
  'team:read',
  'users:read',
];

/** Slack's own times, but for retries, which would outlast a test. */
const CLOCKS: Clocks = {
  ackMs: 3_000,
  retryDelaysMs: [200, 1_000, 3_000],
  triggerMs: 3_000,
  responseUrlMs: 1_800_000,
  fileReadyMs: 100,
};

/** The app and the way to its bot. */
export interface Wires {
  readonly app: SlackApp;
  readonly clocks: Clocks;
  readonly transport: Transport;
  readonly socket: SocketTransport | undefined;
  readonly http: HttpTransport | undefined;
  moveBot(url: string): void;
}

export function connect(
  options: SlackPeerOptions,
  api: Listening,
  problem: (sentence: string) => void,
): Wires {
  const id = slackId('A');
  const app: SlackApp = {
    id,
    appToken: `xapp-1-${id}-${secret()}`,
    signingSecret: secret(16),
    clientId: `${Date.now()}.${Date.now()}`,
    clientSecret: secret(16),
    verificationToken: secret(),
    scopes: options.scopes ?? EVERY_SCOPE,
    events: options.events ?? EVERY_EVENT,
  };
  const clocks = { ...CLOCKS, ...options.clocks };
  let botUrl = options.botUrl;
  const address = (): string => {
    if (botUrl === undefined) throw new Error('the bot has no address yet');
    return botUrl;
  };
  const moveBot = (url: string) => {
    botUrl = url;
  };
  if (options.mode === 'http') {
    const http = createHttpTransport(address, app.signingSecret, clocks);
    return { app, clocks, transport: http, socket: undefined, http, moveBot };
  }
  const socket = createSocketTransport(api.server, api.url, id, clocks, problem);
  return { app, clocks, transport: socket, socket, http: undefined, moveBot };
}
