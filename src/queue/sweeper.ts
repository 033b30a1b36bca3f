import { unlessAway } from './closing.ts';
import { workersLost } from './consumer.ts';
import type { QueueContext } from './context.ts';
import type { Artefacts } from './contract.ts';
import { failureOf } from './failure.ts';
import { keys } from './keys.ts';
import { createLease } from './lease.ts';
import { deliveryQueue, inferenceQueue, intakeQueue } from './queues.ts';
import { createResults, type Results } from './results.ts';
import { awaitInference, fill, settle } from './steps.ts';
import { type StoredRecord, waitingParts } from './stored-record.ts';

/** A sweeper that runs until it is closed. */
export interface Sweeper {
  /** Look through all open requests now, whoever holds the lease. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Put back any request that is neither answered nor queued, every `sweepMs`; of all processes that sweep, one at
 * a time does. It also keeps the artefacts of open requests alive. All it does may be done twice without harm.
 */
export function startSweeper(context: QueueContext, artefacts: Artefacts): Sweeper {
  const { redis, records, log, settings } = context;
  const results = createResults(context, artefacts);
  const lease = createLease(redis, keys.sweeperLease);
  let closed = false;
  let current: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    for (const id of await records.open()) {
      if (closed) return;
      try {
        const record = await records.read(id);
        if (record === undefined || record.final) await records.drop(id);
        else await repair(context, artefacts, results, record);
      } catch (error) {
        log.warn({ request: id, err: error }, 'A request could not be looked after; later again');
      }
    }
  }

  async function turn(): Promise<void> {
    try {
      if (await lease.take(settings.sweepMs * 3)) await sweep();
    } catch (error) {
      if (!closed) log.warn({ err: error }, 'Could not sweep');
    }
  }

  const timer = setInterval(() => {
    current = current.then(turn);
  }, settings.sweepMs);

  return {
    sweep,
    close: async () => {
      closed = true;
      clearInterval(timer);
      await unlessAway(redis, current.then(lease.release));
    },
  };
}

/** Take the step that comes next for a request; where it is under way already, nothing happens. */
async function repair(
  context: QueueContext,
  artefacts: Artefacts,
  results: Results,
  record: StoredRecord,
): Promise<void> {
  const { jobs, records, log } = context;
  const { request, parts, outcome } = record;
  const { id, platform } = request;
  const lost = (): ReturnType<typeof failureOf> => failureOf(workersLost(), log, { request: id });
  for (const hash of picturesOf(record)) await artefacts.touch(hash);
  if (outcome !== undefined) {
    if (await jobs.gaveUp(deliveryQueue(platform), id)) await records.finish(id, 'failed');
    else await jobs.ensureDelivery(platform, id);
  } else if (parts.length > 0) {
    for (const job of waitingParts(record).keys()) {
      if (await jobs.gaveUp(inferenceQueue, job)) await fill(context, id, job, lost());
    }
    await awaitInference(context, results, id);
  } else if (await jobs.gaveUp(intakeQueue(platform), id)) {
    await settle(context, id, lost());
  } else {
    await jobs.ensureIntake(request);
  }
}

/** The artefacts that a request has need of. */
function picturesOf({ parts, outcome }: StoredRecord): readonly string[] {
  if (outcome !== undefined && outcome.kind !== 'pictures') return [];
  return parts.flatMap(({ source, outcome: made }) => [
    ...(source === undefined ? [] : [source.hash]),
    ...(made?.kind === 'picture' ? [made.artefact.hash] : []),
  ]);
}
