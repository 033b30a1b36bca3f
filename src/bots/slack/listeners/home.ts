import type { App, types } from '@slack/bolt';
import { artworkLabel, styleLabel } from '../../../commands/style-info.ts';
import { taskLabel } from '../../../commands/task-label.ts';
import { pictureBlock, plain } from '../answer/blocks.ts';
import { filesOf } from '../answer/deliver.ts';
import { calling, isCoded } from '../errors.ts';
import { clipped, sections } from '../text.ts';
import { personOf, type Where, workspaceOf } from '../where.ts';
import type { Tools } from './tools.ts';

const MOST_RECENT = 6;
/** A home takes 100 blocks. */
const MOST_STYLES = 40;

/** The app's home: what it can do, the styles with their previews, the person's recent pictures, privacy. */
export function listenToHome(app: App, tools: Tools): void {
  app.event('app_home_opened', async ({ event, context }) => {
    if (event.tab !== 'home') return;
    const where: Where = { workspace: workspaceOf(context), channel: event.channel, user: event.user };
    await tools.asking.attempt(where, () => publish(tools, where));
  });
}

async function publish(tools: Tools, where: Where): Promise<void> {
  const { asking, workspaces, previews } = tools;
  asking.leaveTurn();
  const { client } = await workspaces.voice(where.workspace);
  const show = async (pictures: boolean): Promise<void> => {
    const view = { type: 'home' as const, blocks: await blocks(tools, where, pictures) };
    await calling('views.publish', client.views.publish({ user_id: where.user, view }));
  };
  try {
    await show(true);
  } catch (error) {
    if (!isCoded(error, 'slack-blocks-refused')) throw error;
    // One of the files was deleted in the workspace.
    await previews.forget(where.workspace);
    await show(false);
  }
}

async function blocks(tools: Tools, where: Where, pictures: boolean): Promise<types.KnownBlock[]> {
  const { asking, registry, previews } = tools;
  const messages = await asking.messages(where);
  const { home } = messages;
  const shown = pictures ? await previews.all(where.workspace) : new Map();
  const forget = registry.commands.filter(({ subcommand }) => subcommand === 'forget').map(registry.write);
  const hours =
    registry.keepSeconds === undefined ? undefined : Math.max(1, Math.round(registry.keepSeconds / 3600));
  const styles = registry.styles.slice(0, MOST_STYLES).flatMap((style): types.KnownBlock[] => {
    const preview = shown.get(style.name);
    if (preview === undefined) return sections(`${styleLabel(style)}: ${artworkLabel(style)}`);
    return [{ ...pictureBlock(preview), title: plain(`${styleLabel(style)}: ${artworkLabel(style)}`) }];
  });
  return [
    header(home.title),
    ...sections(home.intro),
    header(home.howHead),
    ...sections(messages.helpPictures.slack.join('\n')),
    header(home.recentHead),
    ...(await recent(tools, where, pictures)),
    header(home.stylesHead),
    ...(styles.length === 0 ? sections(messages.stylesNone) : styles),
    header(home.privacyHead),
    ...sections(messages.helpPrivacy({ hours, forget: forget.join('') })),
  ];
}

async function recent(tools: Tools, where: Where, pictures: boolean): Promise<types.KnownBlock[]> {
  const { asking, people, queue, registry, platform } = tools;
  const messages = await asking.messages(where);
  const found = await people.recent(platform, personOf(where), MOST_RECENT);
  const shown: types.KnownBlock[] = [];
  const seen = new Map<string, number>();
  for (const { request, network } of found) {
    // Several pictures of one request come one after the other, newest first.
    const files = [...filesOf(await queue.notes(request)).values()];
    const index = seen.get(request) ?? 0;
    seen.set(request, index + 1);
    const file = files[index];
    const label = taskLabel({ network, options: {} }, registry);
    if (pictures && file !== undefined) {
      shown.push({ ...pictureBlock({ file, alt: label }), title: plain(clipped(label, 75)) });
    } else shown.push(...sections(label));
  }
  return shown.length === 0 ? sections(messages.home.recentNone) : shown;
}

function header(text: string): types.HeaderBlock {
  return { type: 'header', text: plain(text) };
}
