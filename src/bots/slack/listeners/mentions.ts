import type { App, Context } from '@slack/bolt';
import { z } from 'zod';
import { parseLine } from '../../../commands/parse.ts';
import { textReply } from '../../../commands/reply.ts';
import type { PictureReference } from '../../../commands/request.ts';
import { firstExample } from '../../../commands/usage.ts';
import { readLine } from '../line.ts';
import { picturesOf, type SlackMessage, slackMessage } from '../pictures/message.ts';
import { referenceTo } from '../pictures/source.ts';
import { type Where, workspaceOf } from '../where.ts';
import type { Tools } from './tools.ts';

/** What else of a message tells who is meant, and what. */
const written = z.object({
  channel: z.string(),
  user: z.string(),
  text: z.string().default(''),
  subtype: z.string().optional(),
  channel_type: z.string().optional(),
  bot_id: z.string().optional(),
});

/** `@impasto stylize starry-night` in channels and threads, and the same without the mention in direct messages. */
export function listenToMentions(app: App, tools: Tools): void {
  app.event('app_mention', async ({ event, body, context }) => {
    await hear(tools, event, body.event_id, context);
  });
  app.event('message', async ({ event, body, context }) => {
    const { data } = written.safeParse(event);
    if (data?.channel_type !== 'im') return;
    await hear(tools, event, body.event_id, context);
  });
}

async function hear(tools: Tools, event: unknown, id: string, context: Context): Promise<void> {
  const { data: said } = written.safeParse(event);
  const { data: message } = slackMessage.safeParse(event);
  if (said === undefined || message === undefined || said.bot_id !== undefined) return;
  // Edits, joins and the like are no words to the bot; a file comes as a message of its own kind.
  if (said.subtype !== undefined && said.subtype !== 'file_share') return;
  const { channel, user, text } = said;
  const direct = said.channel_type === 'im';
  const where: Where = {
    workspace: workspaceOf(context),
    channel,
    thread: message.thread_ts ?? (direct ? undefined : message.ts),
    user,
    event: id,
  };
  await tools.asking.attempt(where, () =>
    answer(tools, where, message, readLine(text, tools.emojis, context.botUserId)),
  );
}

async function answer(
  { asking, registry }: Tools,
  where: Where,
  message: SlackMessage,
  line: ReturnType<typeof readLine>,
): Promise<void> {
  if (line.text === '') {
    const messages = await asking.messages(where);
    const example = firstExample(registry);
    const help = registry.commands
      .filter(({ name }) => name === 'help')
      .map(registry.write)
      .join('');
    const text =
      picturesOf(message).length > 0
        ? messages.pictureWithoutCommand({ example })
        : messages.noCommand({ example, help });
    return await asking.say(textReply(text, 'hint'), where);
  }
  await asking.ask({
    where,
    eventKey: `message ${where.workspace.team} ${where.channel} ${message.ts}`,
    trigger: 'command',
    read: (all, messages, settings) => parseLine(line.text, all, messages, settings),
    picture: pictureOf(where, message, line.people),
  });
}

/** What is attached, else the avatar of whoever is named, else the latest picture of the thread or channel. */
function pictureOf(
  { workspace, channel, user }: Where,
  message: SlackMessage,
  people: readonly string[],
): PictureReference {
  const attached = picturesOf(message);
  const files = attached.flatMap((pointer) => (pointer.kind === 'file' ? [pointer.file] : []));
  const [named] = people;
  if (files.length > 0 && files.length === attached.length)
    return referenceTo({ workspace, kind: 'files', files });
  if (attached.length > 0) return referenceTo({ workspace, kind: 'message', channel, ts: message.ts });
  if (named !== undefined) return referenceTo({ workspace, kind: 'avatar', user: named });
  const thread = message.thread_ts;
  return referenceTo({ workspace, kind: 'latest', channel, thread, user, before: message.ts });
}
