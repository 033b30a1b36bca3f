import { type AckFn, type App, AuthorizationError, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import { ImpastoError } from '../../errors.ts';
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

/** What acknowledging late needs. */
export interface LateAckOptions {
  /** Whether it is known for whom a body that came from Slack is: before that nobody has heard of it. Known in two seconds or never. */
  readonly isAuthorized: (body: object) => boolean;
  /**
   * Tells whoever did something that it can't be heard.
   * @returns what the acknowledgement says
   */
  readonly refuse: (body: unknown, error: unknown) => Promise<object | undefined>;
  readonly calls: KeptCalls;
  readonly log: Log;
}

/**
 * A receiver whose events are acknowledged once they have been seen to, or just before Slack would give them up. Slack
 * sends an event again that it was not acknowledged: one whose process dies before the wish is durable is not lost, nor
 * one that comes while it can't be found out for whom it is. By itself bolt acknowledges events before any listener hears
 * of them. Commands and presses, which Slack never repeats, are acknowledged by their own listeners, before that kept until
 * they have been seen to, and where no listener hears of them the person is told.
 */
export function acknowledgeDurable<R extends Receiver>(receiver: R, options: LateAckOptions): R {
  const init = receiver.init.bind(receiver);
  receiver.init = (app: App) =>
    init(
      new Proxy(app, {
        get: (target, key) =>
          key === 'processEvent'
            ? (event: ReceiverEvent) => process(target, event, options)
            : Reflect.get(target, key, target),
      }),
    );
  return receiver;
}

async function process(app: App, event: ReceiverEvent, options: LateAckOptions): Promise<void> {
  if (!callBody.safeParse(event.body).success) return await processLate(app, event, options);
  const call = options.calls.keep(event.body);
  const ack: ReceiverEvent['ack'] = async (response) => {
    await call.durable;
    await event.ack(response);
  };
  try {
    await processLate(app, { ...event, ack }, options);
  } finally {
    await call.done();
  }
}

/** Let the listeners hear of what Slack brought, or of what was kept, and acknowledge it once they have. */
export async function processLate(app: App, event: ReceiverEvent, options: LateAckOptions): Promise<void> {
  const { isAuthorized, refuse, log } = options;
  const comesAgain = eventBody.safeParse(event.body).success;
  let acknowledged: Promise<void> | undefined;
  const acknowledge: AckFn<object | undefined> = (answer) => {
    acknowledged ??= event.ack(answer);
    return acknowledged;
  };
  const timer = setTimeout(() => {
    if (!isAuthorized(event.body)) return;
    acknowledge().catch((error: unknown) => log.warn({ err: error }, 'An event could not be acknowledged'));
  }, ACKNOWLEDGED_BY_MS);
  try {
    await app.processEvent({ ...event, ack: comesAgain ? async () => undefined : acknowledge });
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
    const cause = ownCauseOf(error);
    if (!comesAgain) await acknowledge(await refuse(event.body, cause));
    // Left without an acknowledgement, it comes again.
    else if (cause instanceof ImpastoError && cause.retryable) throw error;
    else log.error({ err: cause }, 'An event of Slack’s is for nobody who has the app');
  } finally {
    clearTimeout(timer);
  }
  // Also what no listener hears of, which is nobody’s fault.
  await acknowledge();
}

/** The error of ours that one of bolt's carries; that one itself where it carries none. */
export function ownCauseOf(error: unknown): unknown {
  for (
    let each: unknown = error;
    each instanceof Error;
    each = 'original' in each ? each.original : each.cause
  ) {
    if (each instanceof ImpastoError) return each;
  }
  return error;
}
