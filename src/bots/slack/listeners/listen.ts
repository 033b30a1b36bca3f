import type { App } from '@slack/bolt';
import type { Installations } from '../installations.ts';
import { listenToButtons } from './buttons.ts';
import { listenToCommands } from './commands.ts';
import { listenToHome } from './home.ts';
import { listenToMentions } from './mentions.ts';
import { listenToReactions } from './reactions.ts';
import { listenToRemoval } from './removal.ts';
import { listenToShortcuts } from './shortcuts.ts';
import type { Tools } from './tools.ts';
import { listenToViews } from './views.ts';

/**
 * Register all listeners.
 * @param installations given where workspaces install and remove the app by themselves
 * @returns what waits for the events that are being answered
 */
export function listen(app: App, tools: Tools, installations?: Installations): () => Promise<void> {
  const underWay = new Set<Promise<void>>();
  app.use(async ({ next }) => {
    const work = next();
    underWay.add(work);
    try {
      await work;
    } finally {
      underWay.delete(work);
    }
  });
  listenToCommands(app, tools);
  listenToMentions(app, tools);
  listenToReactions(app, tools);
  listenToShortcuts(app, tools);
  listenToViews(app, tools);
  listenToButtons(app, tools);
  listenToHome(app, tools);
  if (installations !== undefined) listenToRemoval(app, installations, tools.log);
  return async () => {
    await Promise.allSettled(underWay);
    await tools.asking.idle();
  };
}
