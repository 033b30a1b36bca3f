import { startConsumer } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Artefacts, Consumer, IntakeHandler } from './contract.ts';
import { requestJob } from './formats.ts';
import { inferenceJobId } from './keys.ts';
import { openPlace, type Places } from './places.ts';
import { intakeQueue } from './queues.ts';
import { asSubmitted } from './records.ts';
import type { QueuedRequest } from './request.ts';
import { createResults } from './results.ts';
import { awaitInference, settle } from './steps.ts';

/**
 * Take one platform's intake jobs: fetch the source by `handler`, then let the request wait for its inference
 * job, which it may share with others who ask for the same.
 */
export function consumeIntake<R extends QueuedRequest>(
  context: QueueContext,
  platform: string,
  handler: IntakeHandler<R>,
  options: { readonly artefacts: Artefacts; readonly places: Places },
): Consumer {
  const { records, settings } = context;
  const results = createResults(context, options.artefacts);

  async function run(id: string, data: unknown, signal: AbortSignal): Promise<void> {
    const record = await records.read(requestJob.parse(data).request);
    if (record === undefined || record.outcome !== undefined) return;
    const { request } = record;
    const { task } = request;
    // Repeated after a crash: what was fetched is not fetched again.
    let source = record.source;
    if (source === undefined || !(await options.artefacts.touch(source.hash))) {
      await records.advance(id, 'fetching');
      const place = await openPlace(context, options.places, id);
      source = await handler(asSubmitted<R>(request), place, signal);
    }
    const job = inferenceJobId(source.hash, task);
    await awaitInference(context, results, { request: id, job, source, task });
  }

  return startConsumer(context, {
    queue: intakeQueue(platform),
    concurrency: settings.handledAtOnce,
    run,
    giveUp: (id, failure) => settle(context, id, failure),
    wanted: async (id) => {
      const record = await records.read(id);
      return record !== undefined && record.outcome === undefined;
    },
    ended: async () => undefined,
  });
}
