import type { App } from '@slack/bolt';
import type { Removal } from '../removal.ts';
import { workspaceOf } from '../where.ts';

/** A workspace that removes the app, or takes its token back. */
export function listenToRemoval(app: App, removal: Removal): void {
  app.event('app_uninstalled', async ({ context }) => {
    await removal.suspect(workspaceOf(context), { why: 'app_uninstalled', told: true });
  });
  app.event('tokens_revoked', async ({ event, context }) => {
    if ((event.tokens.bot ?? []).length === 0) return;
    await removal.suspect(workspaceOf(context), { why: 'tokens_revoked', told: true });
  });
}
