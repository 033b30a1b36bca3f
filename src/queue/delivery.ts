import { ImpastoError } from '../errors.ts';
import { startConsumer } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Consumer, DeliveryHandler } from './contract.ts';
import type { Failure } from './failure.ts';
import { requestJob } from './formats.ts';
import { openPlace, type Places } from './places.ts';
import { deliveryQueue } from './queues.ts';
import { asSubmitted, type StoredRecord } from './records.ts';
import type { Outcome, QueuedRequest } from './request.ts';

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
  const { records, log, settings } = context;

  async function run(id: string, data: unknown): Promise<void> {
    const record = await records.read(requestJob.parse(data).request);
    if (record?.outcome === undefined || record.final) return;
    await say(record, record.outcome);
    await records.finish(id, finalState[record.outcome.kind]);
  }

  async function say({ request }: StoredRecord, outcome: Outcome): Promise<void> {
    await handler(asSubmitted<R>(request), await openPlace(context, options.places, request.id), outcome);
  }

  /**
   * A picture that the platform will not have (too large, forbidden) leaves its person waiting: say that instead,
   * once. After a defect nothing is said, for the picture may stand there already.
   */
  async function giveUp(id: string, failure: Failure, error: unknown): Promise<void> {
    const record = await records.read(id);
    if (record?.outcome?.kind === 'picture' && error instanceof ImpastoError) {
      try {
        await say(record, failure);
      } catch (reason) {
        log.error({ request: id, err: reason }, 'Neither the picture nor its failure could be delivered');
      }
    }
    await records.finish(id, 'failed');
  }

  return startConsumer(context, {
    queue: deliveryQueue(platform),
    concurrency: settings.handledAtOnce,
    run,
    giveUp,
    wanted: async () => true,
    ended: async () => undefined,
  });
}

const finalState = { picture: 'answered', failure: 'failed', cancelled: 'cancelled' } as const;
