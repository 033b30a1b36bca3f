import type { App, MessageShortcut } from '@slack/bolt';
import { findCommand } from '../../../commands/find-command.ts';
import { refuse } from '../../../commands/messages/failures.ts';
import { presetOptions } from '../../../commands/options.ts';
import { textReply } from '../../../commands/reply.ts';
import { firstExample } from '../../../commands/usage.ts';
import { serverOf } from '../asking.ts';
import { modalOf, type Wanted } from '../modal.ts';
import { picturesOf, slackMessage } from '../pictures/message.ts';
import { referenceTo } from '../pictures/source.ts';
import { type Where, workspaceOf } from '../where.ts';
import { callOf } from './call-of.ts';
import { settingsOf } from './settings-of.ts';
import type { Tools } from './tools.ts';

/** “Stylize…” and “Upscale” in a message's menu. */
export function listenToShortcuts(app: App, tools: Tools): void {
  for (const wanted of ['stylize', 'upscale'] as const) {
    app.shortcut<MessageShortcut>(
      { type: 'message_action', callback_id: `impasto.${wanted}` },
      async ({ shortcut, ack, context }) => {
        await ack();
        const { channel, user, response_url: responseUrl, message_ts: ts } = shortcut;
        const { data: message } = slackMessage.safeParse(shortcut.message);
        const where: Where = {
          workspace: workspaceOf(context),
          channel: channel.id,
          thread: message?.thread_ts ?? ts,
          user: user.id,
          responseUrl,
        };
        await tools.asking.attempt(where, () =>
          answer(tools, where, {
            wanted,
            ts,
            trigger: shortcut.trigger_id,
            pictures: picturesOf(message ?? {}),
          }),
        );
      },
    );
  }
}

async function answer(
  tools: Tools,
  where: Where,
  asked: {
    readonly wanted: Wanted;
    readonly ts: string;
    readonly trigger: string;
    readonly pictures: ReturnType<typeof picturesOf>;
  },
): Promise<void> {
  const { asking, invoker, registry, modals, mostPictures } = tools;
  const { wanted, ts, trigger, pictures } = asked;
  const messages = await asking.messages(where);
  await invoker.admit(serverOf(where), messages);
  if (pictures.length === 0) throw refuse(messages, 'picture-not-found', { example: firstExample(registry) });
  const { workspace, channel, thread, responseUrl } = where;
  const picture = referenceTo({ workspace, kind: 'message', channel, ts });
  if (wanted === 'upscale' && registry.upscalers.length < 2) {
    const eventKey = `shortcut ${trigger}`;
    return await asking.ask({
      where,
      eventKey,
      trigger: 'command',
      read: callOf(wanted, new Map()),
      picture,
    });
  }
  if (wanted === 'stylize' && registry.styles.length === 0) {
    return await asking.say(textReply(messages.stylesNone, 'hint'), where);
  }
  const remembered = { channel, thread, responseUrl, source: picture.source };
  const command = findCommand(wanted, registry, messages);
  const settings = await settingsOf(tools, where);
  const given = presetOptions(command, new Map(), registry, messages, settings);
  asking.leaveTurn();
  await modals.open(workspace, trigger, (previews) =>
    modalOf({ wanted, registry, messages, remembered, given, previews, mostPictures }),
  );
}
