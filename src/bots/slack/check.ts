import { webApi } from '@slack/bolt';
import { ImpastoError, systemCode } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import type { SlackConfig } from './config.ts';
import { calling, isCoded } from './errors.ts';
import { missingScopes } from './scopes.ts';
import { clientOptions } from './workspaces.ts';

/** Who the bot is in the one workspace that it serves. */
export interface Identity {
  readonly team: string;
  readonly user: string;
  readonly bot: string;
}

/**
 * Ask Slack whose token this is and what it may do.
 * @throws ImpastoError `slack-token-refused`, `slack-scopes-missing` (naming each and what it is for), `slack-away`
 */
export async function checkToken(
  token: string,
  { apiUrl, log }: { readonly apiUrl: string; readonly log: Log },
): Promise<Identity> {
  if (!token.startsWith('xoxb-') && !token.startsWith('xoxe.xoxb-'))
    throw noBotToken('it does not begin with xoxb-');
  const client = new webApi.WebClient(token, clientOptions(apiUrl, log));
  const test = await asked(client);
  const missing = missingScopes(test.response_metadata?.scopes ?? []);
  if (missing.length > 0) {
    throw new ImpastoError({
      code: 'slack-scopes-missing',
      userMessage:
        `The bot token lacks scopes: ${missing.join('; ')}. Add them in the app’s settings under “OAuth & Permissions” ` +
        '(or paste the manifest again), then reinstall the app to the workspace.',
      report: true,
      data: { scopes: missing.map((each) => each.split(' ', 1)[0]).join(',') },
    });
  }
  const { team_id: team, user_id: user, bot_id: bot } = test;
  if (team === undefined || user === undefined || bot === undefined) throw noBotToken('it belongs to no bot');
  return { team, user, bot };
}

async function asked(client: webApi.WebClient): Promise<webApi.AuthTestResponse> {
  try {
    return await calling('auth.test', client.auth.test());
  } catch (error) {
    if (isCoded(error, 'slack-token-refused')) throw noBotToken(`Slack answers ${error.data.slack}`);
    throw error;
  }
}

function noBotToken(why: string): ImpastoError {
  return new ImpastoError({
    code: 'slack-token-refused',
    userMessage:
      `SLACK_BOT_TOKEN is no bot token that works: ${why}. Copy the “Bot User OAuth Token” (xoxb-…) from the app’s ` +
      'settings under “OAuth & Permissions”.',
    report: true,
  });
}

/** What of an error at the start is the settings' fault, said in their words; any other stays as it is. */
export function startFailure(error: unknown, { transport, port }: SlackConfig): unknown {
  const coded = webApiError(error);
  if (coded !== undefined && transport.kind === 'socket') {
    return new ImpastoError({
      code: 'slack-app-token-refused',
      userMessage:
        `SLACK_APP_TOKEN opens no socket: Slack answers ${coded}. Make an app-level token (xapp-…) with the scope ` +
        'connections:write in the app’s settings under “Basic Information”, and turn Socket Mode on.',
      report: true,
      data: { slack: coded },
    });
  }
  const system = systemCode(error);
  if (system === 'EADDRINUSE' || system === 'EACCES') {
    return new ImpastoError({
      code: 'port-taken',
      userMessage: `The port ${port} of SLACK_PORT can’t be listened on (${system}). Choose another.`,
      report: true,
      data: { port, reason: system },
      cause: error,
    });
  }
  if (error instanceof webApi.WebAPIRequestError || error instanceof webApi.WebAPIHTTPError) {
    return new ImpastoError({
      code: 'slack-away',
      userMessage: 'Slack cannot be reached. Check the network, then start again.',
      retryable: true,
      cause: error,
    });
  }
  return error;
}

function webApiError(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
}
