import type { Server, ServerResponse } from 'node:http';
import {
  App,
  AuthorizationError,
  HTTPReceiver,
  HTTPReceiverDeferredRequestError,
  SocketModeReceiver,
} from '@slack/bolt';
import type { Log } from '../../queue/log.ts';
import { publicAddress } from '../public-url.ts';
import { readable } from './bodies.ts';
import { boltLog, redacted } from './bolt-log.ts';
import type { SlackConfig } from './config.ts';
import type { Installations } from './installations.ts';
import { acknowledgeDurable, type LateAckOptions, ownCauseOf, processLate } from './late-ack.ts';
import { SCOPES } from './scopes.ts';
import type { Workspace } from './where.ts';
import { within } from './within.ts';
import { clientOptions } from './workspaces.ts';

/** Bolt's app, and how it is begun and ended. */
export interface Connection {
  readonly app: App;
  /** The bot token of a workspace; undefined where it has none. */
  readonly tokenOf: (workspace: Workspace) => Promise<string | undefined>;
  /** Where events and installations arrive over HTTP, once started; undefined where nothing listens. */
  readonly port: () => number | undefined;
  /** Whether Slack's events reach us just now. */
  readonly connected: () => boolean;
  /** Settles when events arrive. Throws what bolt throws. */
  start(): Promise<void>;
  /** Take no more events; what is open over HTTP is cut off after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** How long the farewell to Slack's socket may take. */
const FAREWELL_MS = 2_000;
const CALLBACK = '/slack/oauth_redirect';

/**
 * One app for either transport and either tenancy.
 * @param identity the bot's ids, where it serves one workspace: bolt need not ask for them again
 * @param how `refuse` tells whoever did something that it can't be found out whose tokens answer them; `calls` keeps what
 * they did until it has been seen to
 */
export function connect(
  config: SlackConfig,
  installations: Installations,
  identity: { readonly user: string; readonly bot: string } | undefined,
  how: Pick<LateAckOptions, 'refuse' | 'calls'>,
  log: Log,
): Connection {
  const { calls } = how;
  const { tenancy, apiUrl, transport, host, port } = config;
  const token = tenancy.kind === 'single' ? tenancy.botToken : undefined;
  const authorized = new WeakSet<object>();
  const late: LateAckOptions = {
    isAuthorized: (body) => tenancy.kind === 'single' || authorized.has(body),
    ...how,
    log,
  };
  // Where people install the app by a browser, whichever way events come.
  const web =
    transport.kind === 'http' || tenancy.kind === 'multi'
      ? webReceiver(config, installations, late)
      : undefined;
  const socket = transport.kind === 'socket' ? socketReceiver(transport.appToken, apiUrl, late) : undefined;
  const installer = web?.installer;
  if (installer !== undefined) remember(installer, authorized);
  const receiver = socket ?? web;
  const app = new App({
    ...(receiver === undefined ? {} : { receiver }),
    logger: boltLog(log),
    clientOptions: clientOptions(apiUrl, log),
    convoStore: false,
    tokenVerificationEnabled: false,
    attachFunctionToken: false,
    ...(token === undefined || identity === undefined
      ? {}
      : { token, botUserId: identity.user, botId: identity.bot }),
    ...(socket === undefined || installer === undefined ? {} : { authorize: installer.authorize }),
  });
  app.error(async (error) => {
    // Whoever acknowledges decides what becomes of it.
    if (error instanceof AuthorizationError) throw error;
    log.error(
      { code: error.code, reason: redacted(error.message) },
      'An event of Slack’s could not be handled',
    );
  });
  let server: Server | undefined;

  return {
    app,
    tokenOf: async ({ team, enterprise, org }) => {
      if (token !== undefined) return token;
      const source = org
        ? { teamId: undefined, enterpriseId: enterprise ?? team, isEnterpriseInstall: true as const }
        : { teamId: team, enterpriseId: enterprise, isEnterpriseInstall: false as const };
      try {
        return (await installer?.authorize(source))?.botToken;
      } catch (error) {
        // Bolt wraps what our store throws, and with it whether to try again.
        throw ownCauseOf(error);
      }
    },
    port: () => {
      const address = server?.address();
      return typeof address === 'object' && address !== null ? address.port : undefined;
    },
    connected: () =>
      socket === undefined ? server?.listening === true : socket.client.websocket?.isActive() === true,
    start: async () => {
      server = await web?.start({ host, port });
      await socket?.start();
      await calls.start((body) => processLate(app, { body: { ...body }, ack: async () => undefined }, late));
    },
    stop: async (graceMs) => {
      if (socket !== undefined) await within(socket.client.disconnect(), FAREWELL_MS);
      if (server !== undefined) await closed(server, graceMs);
    },
  };
}

/** Bolt tells a second argument, the body, to whoever tells whose tokens answer it. */
function remember(installer: Authorizer, authorized: WeakSet<object>): void {
  const { authorize } = installer;
  installer.authorize = async (source, body?: object) => {
    const result = await authorize(source);
    if (body !== undefined) authorized.add(body);
    return result;
  };
}

type Authorizer = NonNullable<HTTPReceiver['installer']>;

function webReceiver(config: SlackConfig, installations: Installations, late: LateAckOptions): HTTPReceiver {
  const { log } = late;
  const { transport, tenancy, apiUrl, port } = config;
  const receiver = new HTTPReceiver({
    logger: boltLog(log),
    port,
    installerOptions: { clientOptions: clientOptions(apiUrl, log), redirectUriPath: CALLBACK },
    dispatchErrorHandler: ({ error, response }) => turnAway(error, response),
    processEventErrorHandler: async ({ error, response }) => {
      log.warn({ reason: redacted(error.message) }, 'An event is left to Slack to bring again');
      if (!response.headersSent) response.writeHead(503).end();
      return false;
    },
    // Without a signing secret it takes no events at all.
    ...(transport.kind === 'http'
      ? { signingSecret: transport.signingSecret }
      : { signingSecret: '', signatureVerification: false, endpoints: [] }),
    ...(tenancy.kind === 'single'
      ? {}
      : {
          clientId: tenancy.clientId,
          clientSecret: tenancy.clientSecret,
          stateSecret: tenancy.stateSecret,
          installationStore: installations,
          scopes: [...SCOPES.keys()],
          redirectUri: publicAddress(tenancy.publicUrl, CALLBACK),
        }),
  });
  receiver.requestListener = readable(receiver.requestListener, turnAway);
  return acknowledgeDurable(receiver, late);
}

/** Anybody can ask for anything over HTTP, so it is no fault of ours, and nothing for the log. */
function turnAway(error: unknown, response: ServerResponse): void {
  const unknown = error instanceof HTTPReceiverDeferredRequestError;
  if (!response.headersSent) response.writeHead(unknown ? 404 : 400).end();
}

function socketReceiver(appToken: string, apiUrl: string, late: LateAckOptions): SocketModeReceiver {
  const { log } = late;
  // Nobody else asks again for an address of the socket: where Slack is away, bolt would end the process.
  const retryConfig = { forever: true, factor: 1.3, maxTimeout: 30_000 };
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLog(log),
    installerOptions: { clientOptions: { ...clientOptions(apiUrl, log), retryConfig } },
    processEventErrorHandler: async ({ error }) => {
      log.warn({ reason: redacted(error.message) }, 'An event is left to Slack to bring again');
      return false;
    },
  });
  return acknowledgeDurable(receiver, late);
}

async function closed(server: Server, graceMs: number): Promise<void> {
  const done = new Promise<void>((settle) => server.close(() => settle()));
  server.closeIdleConnections();
  await within(done, graceMs);
  server.closeAllConnections();
  await done;
}
