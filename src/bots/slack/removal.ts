import { webApi } from '@slack/bolt';
import type { CommandRequest } from '../../commands/request.ts';
import { ImpastoError } from '../../errors.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import type { ServerSettingsStore } from '../../queue/server-settings.ts';
import type { Previews } from './answer/previews.ts';
import { calling, isCoded } from './errors.ts';
import type { Installations } from './installations.ts';
import { type Where, type Workspace, whereOf } from './where.ts';
import { clientOptions } from './workspaces.ts';

/** Why a workspace may have been left: Slack's word for it, and whether an event has told of it. */
export interface Sign {
  readonly why: string;
  readonly told: boolean;
}

/** What happens where the bot may speak in a workspace no longer. */
export interface Removal {
  /** Make sure of it, then clear up; a token that still works ends nothing. Safe to repeat. */
  suspect(workspace: Workspace, sign: Sign): Promise<void>;
  /** Rejects, where it is the only workspace, by what there is to do about it. */
  readonly ended: Promise<never>;
}

/** What removal clears up. */
export interface RemovalOptions {
  readonly platform: string;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'openOn' | 'cancel' | 'place'>;
  readonly serverSettings: Pick<ServerSettingsStore, 'remove'>;
  readonly previews: Pick<Previews, 'forget'>;
  /** Given where workspaces come and go by themselves; left out where there is one. */
  readonly installations?: Pick<Installations, 'deleteInstallation'> | undefined;
  readonly tokenOf: (workspace: Workspace) => Promise<string | undefined>;
  readonly apiUrl: string;
  readonly log: Log;
}

/** Slack's errors, and its event, that tell of an app that was taken out of a workspace rather than of a token. */
const REMOVED = ['app_uninstalled', 'account_inactive'];

/**
 * One of many workspaces is forgotten with its token, and what it has open is closed; others go on. Where it is the only
 * one, the bot has come to its end. What its managers have set goes only where they have removed the app.
 */
export function createRemoval(options: RemovalOptions): Removal {
  const { platform, queue, serverSettings, previews, installations, tokenOf, apiUrl, log } = options;
  const underWay = new Map<string, Promise<void>>();
  let end: (error: Error) => void = () => undefined;
  const ended = new Promise<never>((_, fail) => {
    end = fail;
  });
  // Whoever does not ask hears of it by the log.
  ended.catch(() => undefined);

  /** What Slack says of the token by now: `works`, its refusal, or undefined where it does not answer. */
  async function stateOf(workspace: Workspace): Promise<string | undefined> {
    try {
      const token = await tokenOf(workspace);
      if (token === undefined) return 'slack-not-installed';
      const client = new webApi.WebClient(token, clientOptions(apiUrl, log));
      await calling('auth.test', client.auth.test());
      return 'works';
    } catch (error) {
      if (isCoded(error, 'slack-not-installed')) return error.code;
      if (isCoded(error, 'slack-token-refused')) return String(error.data.slack);
      if (!(error instanceof ImpastoError)) throw error;
      log.warn({ workspace: workspace.team, err: error }, 'A token could not be tried');
      return undefined;
    }
  }

  async function remove(workspace: Workspace, { why, told }: Sign): Promise<void> {
    const { team, enterprise, org } = workspace;
    const state = await stateOf(workspace);
    if (state === 'works' || (state === undefined && !told)) {
      log.info({ workspace: team, why, state }, 'A workspace is not left');
      return;
    }
    const isRemoved = REMOVED.includes(why) || (state !== undefined && REMOVED.includes(state));
    if (isRemoved) {
      await serverSettings.remove(platform, team);
      await previews.forget(workspace);
    }
    log.warn({ workspace: team, why, state }, 'The app may no longer speak in a workspace');
    if (installations === undefined) return end(tokenEnded(state ?? why));
    await installations.deleteInstallation({
      teamId: org ? undefined : team,
      enterpriseId: enterprise,
      isEnterpriseInstall: org,
    });
    await closeOpen(workspace);
  }

  async function closeOpen(workspace: Workspace): Promise<void> {
    for (const { request } of await queue.openOn(platform)) {
      const where = await placeOf(request.id);
      if (where !== undefined && isIn(where, workspace)) await queue.cancel(request.id, request.person.id);
    }
  }

  /** Undefined, too, where only a process with another secret can read it: delivery will find out by itself. */
  async function placeOf(request: string): Promise<Where | undefined> {
    try {
      return whereOf(await queue.place(request));
    } catch (error) {
      if (isCoded(error, 'place-unreadable')) return undefined;
      throw error;
    }
  }

  return {
    ended,
    suspect: async (workspace, sign) => {
      const key = `${workspace.team} ${sign.why}`;
      const removing = underWay.get(key) ?? remove(workspace, sign).finally(() => underWay.delete(key));
      underWay.set(key, removing);
      await removing;
    },
  };
}

/** An organisation that installed the app as a whole has all its workspaces. */
function isIn({ workspace: place }: Where, { team, enterprise, org }: Workspace): boolean {
  return org ? place.enterprise !== undefined && place.enterprise === enterprise : place.team === team;
}

function tokenEnded(why: string): ImpastoError {
  return new ImpastoError({
    code: 'slack-token-refused',
    userMessage:
      `Slack no longer takes SLACK_BOT_TOKEN (${why}): the app was removed from the workspace, or its token revoked. ` +
      'Install the app again and set the new token, then start the bot again.',
    report: true,
    data: { slack: why },
  });
}
