import { ImpastoError } from '../errors.ts';
import { startConsumer } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Consumer, DeliveryHandler } from './contract.ts';
import { createEditTurns } from './edit-turns.ts';
import { requestJob } from './formats.ts';
import { aboutRequest } from './observed.ts';
import { openPlace, type Places } from './places.ts';
import { deliveryQueue } from './queues.ts';
import type { FailureOutcome, Outcome, QueuedRequest } from './request.ts';
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

  async function run(_id: string, data: unknown): Promise<void> {
    const record = await records.read(requestJob.parse(data).request);
    if (record?.outcome === undefined || record.final) return;
    await say(record, record.outcome);
    await close(record, finalState[record.outcome.kind]);
  }

  async function close({ request }: StoredRecord, state: FinalState): Promise<void> {
    await records.finish(request.id, state);
    observer.closed(request, state);
  }

  async function say({ request }: StoredRecord, outcome: Outcome): Promise<void> {
    await turns.final(request.id, async () => {
      await handler(asSubmitted<R>(request), await openPlace(context, options.places, request.id), outcome);
    });
  }

  /**
   * Pictures that the platform will not have (too large, forbidden) leave their person waiting: say that instead,
   * once. After a defect nothing is said, for the pictures may stand there already.
   */
  async function giveUp(id: string, failure: FailureOutcome, error: unknown): Promise<void> {
    const record = await records.read(id);
    if (record?.outcome?.kind === 'pictures' && error instanceof ImpastoError) {
      try {
        await say(record, failure);
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
type FinalState = (typeof finalState)[keyof typeof finalState];
