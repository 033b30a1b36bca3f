import type { App } from '@slack/bolt';
import type { Log } from '../../../queue/log.ts';
import type { Installations } from '../installations.ts';
import { type Workspace, workspaceOf } from '../where.ts';

/** A workspace that removes the app, or takes its token back, is forgotten with its tokens. */
export function listenToRemoval(app: App, installations: Installations, log: Log): void {
  async function remove({ team, enterprise, org }: Workspace, why: string): Promise<void> {
    await installations.deleteInstallation({
      teamId: org ? undefined : team,
      enterpriseId: enterprise,
      isEnterpriseInstall: org,
    });
    log.info({ workspace: team, why }, 'The app was removed from a workspace');
  }

  app.event('app_uninstalled', async ({ context }) => remove(workspaceOf(context), 'app_uninstalled'));
  app.event('tokens_revoked', async ({ event, context }) => {
    if ((event.tokens.bot ?? []).length > 0) await remove(workspaceOf(context), 'tokens_revoked');
  });
}
