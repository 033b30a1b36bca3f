import type { App } from '@slack/bolt';
import { z } from 'zod';
import { ACTION_IDS, askerOf, optionsOf, plain, pressedOf } from '../answer/blocks.ts';
import { serverOf } from '../asking.ts';
import { personOf, type Where, workspaceOf } from '../where.ts';
import { deleteAnswer } from './delete-answer.ts';
import type { Tools } from './tools.ts';

const press = z.object({
  user: z.object({ id: z.string() }),
  container: z.object({
    message_ts: z.string(),
    channel_id: z.string(),
    thread_ts: z.string().optional(),
    is_ephemeral: z.boolean().optional(),
  }),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
  response_url: z.string().optional(),
});

const pressedElement = z.object({
  action_id: z.string(),
  action_ts: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});

/** Buttons and menus below the bot's messages. */
export function listenToButtons(app: App, tools: Tools): void {
  app.action(ACTION_IDS, async ({ action, body, ack, context }) => {
    await ack();
    const { data: pressed } = press.safeParse(body);
    const { data: element } = pressedElement.safeParse(action);
    if (pressed === undefined || element === undefined) return;
    const { container, message, user, response_url: responseUrl } = pressed;
    const where: Where = {
      workspace: workspaceOf(context),
      channel: container.channel_id,
      thread: container.thread_ts ?? message?.thread_ts,
      user: user.id,
      responseUrl,
    };
    await tools.asking.attempt(where, () => answer(tools, where, container, element));
  });
}

async function answer(
  tools: Tools,
  where: Where,
  container: z.infer<typeof press>['container'],
  element: z.infer<typeof pressedElement>,
): Promise<void> {
  const { asking, presses, hints } = tools;
  const pressed = pressedOf(element.action_id);
  if (pressed === undefined) return;
  const { action, request } = pressed;
  const choice = element.selected_option?.value;
  const consequence = await asking.knowing(where, ({ locale, manages }) =>
    presses({
      action,
      request,
      person: personOf(where),
      asker: askerOf(element.value),
      locale,
      moderates: manages,
      eventKey: `press ${container.message_ts} ${element.action_id} ${element.action_ts}`,
      ...serverOf(where),
      ...(choice === undefined ? {} : { choice }),
    }),
  );
  switch (consequence.kind) {
    case 'request':
      return await asking.submit(consequence.request, where);
    case 'choices': {
      asking.leaveTurn();
      const { button } = await asking.messages(where);
      const text = action === 'cancel' ? '' : button[action];
      const options = optionsOf(consequence.choices);
      const select = {
        type: 'static_select',
        action_id: element.action_id,
        placeholder: plain(text),
        options,
      } as const;
      return await hints.say(where, { text, blocks: [{ type: 'actions', elements: [select] }] });
    }
    case 'cancelled':
      // The message of the request says so itself; a list of one's requests does not.
      if (container.is_ephemeral !== true) return;
      asking.leaveTurn();
      return await hints.say(where, { text: (await asking.messages(where)).cancelled });
    case 'delete':
      asking.leaveTurn();
      return await deleteAnswer(tools, where, container.message_ts, request);
  }
}
