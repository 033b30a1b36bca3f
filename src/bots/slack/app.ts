import type { Server } from 'node:http';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { ImpastoError } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import { boltLog, redacted } from './bolt-log.ts';
import type { SlackConfig } from './config.ts';
import type { Installations } from './installations.ts';
import { acknowledgeLate } from './late-ack.ts';
import { SCOPES } from './scopes.ts';
import type { Workspace } from './where.ts';
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
 */
export function connect(
  config: SlackConfig,
  installations: Installations,
  identity: { readonly user: string; readonly bot: string } | undefined,
  log: Log,
): Connection {
  const { tenancy, apiUrl, transport, host, port } = config;
  const token = tenancy.kind === 'single' ? tenancy.botToken : undefined;
  // Where people install the app by a browser, whichever way events come.
  const web =
    transport.kind === 'http' || tenancy.kind === 'multi'
      ? webReceiver(config, installations, log)
      : undefined;
  const socket = transport.kind === 'socket' ? socketReceiver(transport.appToken, apiUrl, log) : undefined;
  const installer = web?.installer;
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
        throw causeOf(error);
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
    },
    stop: async (graceMs) => {
      if (socket !== undefined) await within(socket.client.disconnect(), FAREWELL_MS);
      if (server !== undefined) await closed(server, graceMs);
    },
  };
}

function webReceiver(config: SlackConfig, installations: Installations, log: Log): HTTPReceiver {
  const { transport, tenancy, apiUrl, port } = config;
  const receiver = new HTTPReceiver({
    logger: boltLog(log),
    port,
    installerOptions: { clientOptions: clientOptions(apiUrl, log), redirectUriPath: CALLBACK },
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
          redirectUri: new URL(CALLBACK, tenancy.publicUrl).href,
        }),
  });
  return acknowledgeLate(receiver, log);
}

function socketReceiver(appToken: string, apiUrl: string, log: Log): SocketModeReceiver {
  // Nobody else asks again for an address of the socket: where Slack is away, bolt would end the process.
  const retryConfig = { forever: true, factor: 1.3, maxTimeout: 30_000 };
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLog(log),
    installerOptions: { clientOptions: { ...clientOptions(apiUrl, log), retryConfig } },
  });
  return acknowledgeLate(receiver, log);
}

/** The error of ours that another one carries; that one itself where it carries none. */
function causeOf(error: unknown): unknown {
  if (error instanceof ImpastoError || !(error instanceof Error)) return error;
  const original = 'original' in error ? error.original : error.cause;
  return original instanceof ImpastoError ? original : error;
}

async function closed(server: Server, graceMs: number): Promise<void> {
  const done = new Promise<void>((settle) => server.close(() => settle()));
  server.closeIdleConnections();
  await within(done, graceMs);
  server.closeAllConnections();
  await done;
}

async function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((settle) => {
    late = setTimeout(settle, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(late);
}
