import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../../queue/log.ts';
import type { KeptCalls } from './kept-calls.ts';

/** Slack waits three seconds; the rest is for the way. */
const ACKNOWLEDGED_BY_MS = 2_000;

const eventBody = z.object({ type: z.literal('event_callback') });

/** What people have done that they expect something of: a command, a press, a choice in a menu, a form. */
const callBody = z.union([
  z.object({ command: z.string() }),
  z.object({ type: z.enum(['block_actions', 'message_action', 'shortcut', 'view_submission']) }),
]);

/**
 * A receiver whose events are acknowledged once they have been seen to, or just before Slack would give them up. Slack
 * sends an event again that it was not acknowledged: one whose process dies before the wish is durable is not lost. By
 * itself bolt acknowledges events before any listener hears of them. Commands and presses, which Slack never repeats, are
 * acknowledged by their own listeners, and before that kept until they have been seen to.
 */
export function acknowledgeDurable<R extends Receiver>(receiver: R, calls: KeptCalls, log: Log): R {
  const init = receiver.init.bind(receiver);
  receiver.init = (app: App) =>
    init(
      new Proxy(app, {
        get: (target, key) =>
          key === 'processEvent'
            ? (event: ReceiverEvent) => process(target, event, calls, log)
            : Reflect.get(target, key, target),
      }),
    );
  return receiver;
}

async function process(app: App, event: ReceiverEvent, calls: KeptCalls, log: Log): Promise<void> {
  if (eventBody.safeParse(event.body).success) return await processEvent(app, event, log);
  if (!callBody.safeParse(event.body).success) return await app.processEvent(event);
  const call = calls.keep(event.body);
  try {
    await app.processEvent({
      ...event,
      ack: async (response) => {
        await call.durable;
        await event.ack(response);
      },
    });
  } finally {
    await call.done();
  }
}

async function processEvent(app: App, event: ReceiverEvent, log: Log): Promise<void> {
  let acknowledged: Promise<void> | undefined;
  const acknowledge = (): Promise<void> => {
    acknowledged ??= event.ack();
    return acknowledged;
  };
  const timer = setTimeout(() => {
    acknowledge().catch((error: unknown) => log.warn({ err: error }, 'An event could not be acknowledged'));
  }, ACKNOWLEDGED_BY_MS);
  try {
    await app.processEvent({ ...event, ack: async () => undefined });
  } finally {
    clearTimeout(timer);
    await acknowledge();
  }
}
