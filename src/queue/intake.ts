import type { ImpastoError } from '../errors.ts';
import { type Attempt, startConsumer } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Artefacts, Consumer, IntakeHandler, IntakePart } from './contract.ts';
import { failureOf } from './failure.ts';
import { requestJob } from './formats.ts';
import { inferenceJobId } from './keys.ts';
import { aboutRequest } from './observed.ts';
import { openIfReadable, type Places } from './places.ts';
import { intakeQueue } from './queues.ts';
import type { QueuedRequest } from './request.ts';
import { createResults } from './results.ts';
import { awaitInference, settle } from './steps.ts';
import { asSubmitted } from './stored-record.ts';

/**
 * Take one platform's intake jobs: fetch the sources by `handler`, then let the request wait for the inference
 * jobs of its parts, which it may share with others who ask for the same.
 */
export function consumeIntake<R extends QueuedRequest>(
  context: QueueContext,
  platform: string,
  handler: IntakeHandler<R>,
  options: { readonly artefacts: Artefacts; readonly places: Places },
): Consumer {
  const { records, log, settings } = context;
  const results = createResults(context, options.artefacts);

  async function run(id: string, data: unknown, attempt: Attempt): Promise<void> {
    const record = await records.read(requestJob.parse(data).request);
    if (record === undefined || record.outcome !== undefined) return;
    // Repeated after a crash: what was fetched is not fetched again.
    if (record.parts.length > 0) return awaitInference(context, results, id);
    await records.fetching(id);
    const { place } = await openIfReadable(context, options.places, id);
    const found = await handler(asSubmitted<R>(record.request), place, attempt.signal);
    const reason = failing(found, attempt);
    if (reason !== undefined) throw reason;
    const parts = found.map((part, number) =>
      'error' in part
        ? failureOf(part.error, log, { request: id, part: number })
        : { source: part.source, job: inferenceJobId(part.source.hash, record.request.task) },
    );
    await awaitInference(context, results, id, parts);
  }

  return startConsumer(context, {
    kind: 'intake',
    queue: intakeQueue(platform),
    platform,
    about: (_id, data) => aboutRequest(context, data),
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

/**
 * Why an attempt is to fail: one of its errors may pass, or all parts are errors.
 * @throws RangeError where there is no part at all
 */
function failing(found: readonly IntakePart[], { mayRetry }: Attempt): ImpastoError | undefined {
  const errors = found.flatMap((part) => ('error' in part ? [part.error] : []));
  if (found.length === 0) throw new RangeError('expected at least one part from intake');
  const passing = errors.find((error) => mayRetry(error));
  return passing ?? (errors.length === found.length ? errors[0] : undefined);
}
