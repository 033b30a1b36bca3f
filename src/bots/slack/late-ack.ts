import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../../queue/log.ts';

/** Slack waits three seconds; the rest is for the way. */
const ACKNOWLEDGED_BY_MS = 2_000;

const eventBody = z.object({ type: z.literal('event_callback') });

/**
 * A receiver whose events are acknowledged once they have been seen to, or just before Slack would give them up. Slack
 * sends an event again that it was not acknowledged: one whose process dies before the wish is durable is not lost. By
 * itself bolt acknowledges events before any listener hears of them. Commands and presses, which Slack never repeats, are
 * acknowledged by their own listeners.
 */
export function acknowledgeLate<R extends Receiver>(receiver: R, log: Log): R {
  const init = receiver.init.bind(receiver);
  receiver.init = (app: App) =>
    init(
      new Proxy(app, {
        get: (target, key) =>
          key === 'processEvent'
            ? (event: ReceiverEvent) => process(target, event, log)
            : Reflect.get(target, key, target),
      }),
    );
  return receiver;
}

async function process(app: App, event: ReceiverEvent, log: Log): Promise<void> {
  if (!eventBody.safeParse(event.body).success) return await app.processEvent(event);
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
