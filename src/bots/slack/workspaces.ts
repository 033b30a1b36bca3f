import { webApi } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import { ImpastoError } from '../../errors.ts';
import type { Log } from '../../queue/log.ts';
import { clientLog } from './bolt-log.ts';
import { tokenRefusal } from './errors.ts';
import type { Workspace } from './where.ts';

/** Speaks to Slack for one workspace. */
export interface Voice {
  /** Throws what the Web API throws: await it by `calling`. */
  readonly client: webApi.WebClient;
  /** The bearer token of files; to Slack's own hosts only. */
  readonly token: string;
}

/** Voices by workspace. */
export interface Workspaces {
  /** @throws ImpastoError `slack-not-installed`, `slack-token-refused` */
  voice(workspace: Workspace): Promise<Voice>;
}

/** How long Slack may take for one call. */
const CALL_MS = 15_000;
const MOST_CLIENTS = 500;

/** Options for every client: the queue repeats what failed, so that a client never does by itself. */
export function clientOptions(apiUrl: string, log: Log): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    logger: clientLog(log),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_MS,
    allowAbsoluteUrls: false,
  };
}

/** Tells of every call for which Slack does not take the token. */
class WatchedClient extends webApi.WebClient {
  readonly #refused: (why: string) => void;

  constructor(token: string, options: webApi.WebClientOptions, refused: (why: string) => void) {
    super(token, options);
    this.#refused = refused;
  }

  override async apiCall(...all: Parameters<webApi.WebClient['apiCall']>): Promise<webApi.WebAPICallResult> {
    try {
      return await super.apiCall(...all);
    } catch (error) {
      const why = tokenRefusal(error);
      if (why !== undefined) this.#refused(why);
      throw error;
    }
  }
}

/**
 * @param tokenOf the bot token of a workspace; undefined where it has none
 */
export function createWorkspaces(
  tokenOf: (workspace: Workspace) => Promise<string | undefined>,
  options: {
    readonly apiUrl: string;
    readonly log: Log;
    /** Slack does not take a workspace's token, by its own word for why. */
    readonly refused: (workspace: Workspace, why: string) => void;
  },
): Workspaces {
  const { apiUrl, log, refused } = options;
  const clients = new LRUCache<string, webApi.WebClient>({ max: MOST_CLIENTS });
  return {
    voice: async (workspace) => {
      const token = await tokenOf(workspace);
      if (token === undefined) {
        throw new ImpastoError({
          code: 'slack-not-installed',
          userMessage: `The app has no bot token for ${workspace.team}. Install it again.`,
          report: true,
          data: { workspace: workspace.team },
        });
      }
      const client =
        clients.get(token) ??
        new WatchedClient(token, clientOptions(apiUrl, log), (why) => refused(workspace, why));
      clients.set(token, client);
      return { client, token };
    },
  };
}
