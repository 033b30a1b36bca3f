import type { App } from '@slack/bolt';
import { isReaction, readReaction } from '../../../commands/parse.ts';
import { UserError } from '../../../errors.ts';
import { cameToNothing, isFinal } from '../../../queue/request.ts';
import { serverOf } from '../asking.ts';
import { isCoded } from '../errors.ts';
import { messageAt } from '../pictures/history.ts';
import { referenceTo } from '../pictures/source.ts';
import { personOf, type Where, workspaceOf } from '../where.ts';
import { deleteAnswer } from './delete-answer.ts';
import { settingsOf } from './settings-of.ts';
import type { Tools } from './tools.ts';

/** What takes an answer of the bot's back. */
const TAKE_BACK = '❌';

/** How often an emoji on one message may be tried again where it led to nothing. */
const MOST_TRIES = 5;

/** Emojis on messages: a style's paints the pictures of the message, ❌ takes an answer of the bot's back. */
export function listenToReactions(app: App, tools: Tools): void {
  app.event('reaction_added', async ({ event, body, context }) => {
    const { item, user } = event;
    if (item.type !== 'message') return;
    const { channel, ts } = item;
    const where: Where = {
      workspace: workspaceOf(context),
      channel,
      message: ts,
      user,
      event: body.event_id,
    };
    const emoji = tools.emojis.of(event.reaction);
    if (emoji !== TAKE_BACK) {
      return await tools.asking.attempt(where, () => paint(tools, where, ts, emoji, body.event_id));
    }
    // Everybody puts it on everything: only what is ours is worth a call.
    if (event.item_user !== undefined && event.item_user !== context.botUserId) return;
    await tools.asking.attempt(where, () => takeBack(tools, where, ts));
  });
}

async function paint(tools: Tools, where: Where, ts: string, emoji: string, event: string): Promise<void> {
  const { asking, registry, queue } = tools;
  if (!isReaction(emoji, registry, await settingsOf(tools, where))) return;
  if (await asking.isBot(where)) return;
  const { workspace, channel } = where;
  const key = `reaction ${workspace.team} ${channel} ${ts} ${emoji}`;
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const answer = await asking
      .invoke({
        where,
        eventKey: `${key} ${attempt}`,
        trigger: 'reaction',
        read: (all, messages, settings) => readReaction(emoji, all, messages, settings),
        picture: referenceTo({ workspace, kind: 'message', channel, ts }),
      })
      .catch((error: unknown) => {
        // Nobody has spoken to the bot: where it is not wanted, it stays silent.
        if (isCoded(error, 'server-off', 'channel-not-allowed')) return undefined;
        throw error;
      });
    if (answer?.kind !== 'requests') return;
    const [request] = answer.requests;
    if (request === undefined) return;
    // One emoji on one message makes one picture, however many people put it there, unless that came to nothing.
    const first = await queue.note(request.id, 'event', event);
    if (first !== event && (await isFree(queue, request.id))) continue;
    return await asking.submit(request, where);
  }
}

async function isFree(queue: Tools['queue'], request: string): Promise<boolean> {
  const [progress, notes] = await Promise.all([queue.progress(request), queue.notes(request)]);
  return cameToNothing(progress?.state) || notes.deleted !== undefined;
}

async function takeBack(tools: Tools, where: Where, ts: string): Promise<void> {
  const { asking, presses, queue, workspaces } = tools;
  const message = await messageAt(await workspaces.voice(where.workspace), where.channel, ts);
  const { request, asker } = message?.metadata?.event_payload ?? {};
  if (message?.bot_id === undefined || typeof request !== 'string') return;
  const state = (await queue.progress(request))?.state;
  const over = state === undefined || isFinal(state);
  try {
    const consequence = await asking.knowing(where, ({ locale, manages }) =>
      presses({
        action: over ? 'delete' : 'cancel',
        request,
        person: personOf(where),
        asker: typeof asker === 'string' ? asker : undefined,
        moderates: manages,
        eventKey: `take back ${where.channel} ${ts}`,
        locale,
        ...serverOf(where),
      }),
    );
    if (consequence.kind !== 'delete') return;
    asking.leaveTurn();
    await deleteAnswer(tools, where, ts, request);
  } catch (error) {
    // Anybody may put an emoji anywhere: it is a refusal only for who owns the answer.
    if (!(error instanceof UserError)) throw error;
  }
}
