import type { App } from '@slack/bolt';
import type { Removal } from '../removal.ts';
import { hasKnownShape } from '../shapes.ts';
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
 * @returns what waits for the events that are being answered
 */
export function listen(app: App, tools: Tools, removal: Removal): () => Promise<void> {
  const underWay = new Set<Promise<void>>();
  app.use(async ({ body, context, next }) => {
    if (hasKnownShape(body, context)) return await next();
    tools.log.warn({}, 'Slack has brought something of a shape that is not known');
  });
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
  listenToRemoval(app, removal);
  return async () => {
    await Promise.allSettled(underWay);
    await tools.asking.idle();
  };
}
