import { ImpastoError } from '../errors.ts';
import { type Attempt, startConsumer } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Consumer, DeliveryHandler } from './contract.ts';
import { createEditTurns } from './edit-turns.ts';
import { requestJob } from './formats.ts';
import { aboutRequest } from './observed.ts';
import { type KnownPlace, openIfReadable, openPlace, type Places } from './places.ts';
import { deliveryQueue } from './queues.ts';
import type { FailureOutcome, FinalState, Outcome, QueuedRequest } from './request.ts';
import { asSubmitted, type StoredRecord } from './stored-record.ts';

/**
 * Take one platform's delivery jobs: say the outcome by `handler`, then close the request. A delivery is only
 * repeated where the process died, or Redis was away, between these two.
 */
export function consumeDelivery<R extends QueuedRequest>(
  context: QueueContext,
  platform: string,
  handler: DeliveryHandler<R>,
  options: { readonly places: Places },
): Consumer {
  const { records, log, settings, observer } = context;
  const turns = createEditTurns(context);

  async function run(_id: string, data: unknown, attempt: Attempt): Promise<void> {
    const record = await records.read(requestJob.parse(data).request);
    if (record?.outcome === undefined || record.final) return;
    const { outcome } = record;
    const reason = await say(record, outcome, attempt);
    // Of what somebody has cancelled nobody waits to hear.
    if (reason === undefined || outcome.kind === 'cancelled')
      return await close(record, finalState[outcome.kind]);
    await close(record, 'unposted', reason);
    attempt.unposted(reason);
  }

  async function close({ request }: StoredRecord, state: FinalState, reason?: ImpastoError): Promise<void> {
    await records.finish(request.id, state);
    observer.closed(request, state, reason);
  }

  /** @returns why nothing was said, where that is final */
  async function say(
    { request }: StoredRecord,
    outcome: Outcome,
    attempt?: Attempt,
  ): Promise<ImpastoError | undefined> {
    return await turns.final(request.id, async () => {
      const { place, unreadable } = await placeOf(request.id, attempt);
      const reason = await handler(asSubmitted<R>(request), place, outcome);
      return reason && (unreadable ?? reason);
    });
  }

  /**
   * While secrets are changed, another process may be able to read it. In the last attempt the adapter is asked all the
   * same: it knows best whether it can answer without.
   */
  async function placeOf(request: string, attempt: Attempt | undefined): Promise<KnownPlace> {
    try {
      return { place: await openPlace(context, options.places, request) };
    } catch (error) {
      if (attempt?.mayRetry(error)) throw error;
      return await openIfReadable(context, options.places, request);
    }
  }

  /**
   * Pictures that the platform will not have (too large, forbidden) leave their person waiting: say that instead,
   * once. After a defect nothing is said, for the pictures may stand there already.
   */
  async function giveUp(id: string, failure: FailureOutcome, error: unknown): Promise<void> {
    const record = await records.read(id);
    if (record?.outcome?.kind === 'pictures' && error instanceof ImpastoError) {
      try {
        const reason = await say(record, failure);
        if (reason !== undefined) throw reason;
      } catch (reason) {
        log.error({ request: id, err: reason }, 'Neither the pictures nor their failure could be delivered');
      }
    }
    if (record === undefined) await records.finish(id, 'failed');
    else await close(record, 'failed');
  }

  return startConsumer(context, {
    kind: 'delivery',
    queue: deliveryQueue(platform),
    platform,
    about: (_id, data) => aboutRequest(context, data),
    concurrency: settings.handledAtOnce,
    run,
    giveUp,
    wanted: async () => true,
    ended: async () => undefined,
  });
}

const finalState = { pictures: 'answered', failure: 'failed', cancelled: 'cancelled' } as const;
