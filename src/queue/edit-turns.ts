import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { QueueContext } from './context.ts';
import { keys } from './keys.ts';
import { createLease, type Lease } from './lease.ts';

/** One edits a placeholder at a time, in whichever process; progress never overtakes the final edit. */
export interface EditTurns {
  /**
   * Runs `edit` unless somebody else is at it, or the outcome is decided; false where it did not run. Who was first goes
   * on to be the one who tells of a request's progress, until it has told nothing for `editorMs`.
   */
  progress(request: string, edit: () => Promise<void>): Promise<boolean>;
  /** Runs `edit` once a progress edit on its way is done. `consumeDelivery` does so around its handler. */
  final<T>(request: string, edit: () => Promise<T>): Promise<T>;
}

/**
 * A turn is a lease, renewed while its edit runs, `editMs` at most: an edit that hangs, or whose process dies, holds
 * the final one up no longer than that, or than `editLeaseMs`.
 */
export function createEditTurns(context: QueueContext): EditTurns {
  const { redis, records, log, settings } = context;
  const own = randomUUID();
  const leaseOf = (request: string): Lease => createLease(redis, keys.editLease(request));

  /** The lease is ours: keep it while `edit` runs, and then leave it to others. */
  async function during<T>(request: string, lease: Lease, edit: () => Promise<T>): Promise<T> {
    const end = Date.now() + settings.editMs;
    let renewed: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      if (Date.now() > end) return clearInterval(timer);
      renewed = renewed.then(() => attempt(request, () => lease.take(settings.editLeaseMs)));
    }, settings.editLeaseMs / 3);
    try {
      return await edit();
    } finally {
      clearInterval(timer);
      // Not before the last renewal, which would take it again.
      await renewed;
      await attempt(request, lease.release);
    }
  }

  /** What the lease's own end makes good where it fails. */
  async function attempt(request: string, step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      log.warn({ request, err: error }, 'The turn to edit a placeholder is left to expire');
    }
  }

  return {
    progress: async (request, edit) => {
      if (!(await createLease(redis, keys.editor(request), own).take(settings.editorMs))) return false;
      const lease = leaseOf(request);
      if (!(await lease.take(settings.editLeaseMs))) return false;
      let runs = false;
      await during(request, lease, async () => {
        // With the lease in hand: an outcome decided from now on waits for this edit.
        const record = await records.read(request);
        runs = record !== undefined && record.outcome === undefined;
        if (runs) await edit();
      });
      return runs;
    },
    final: async (request, edit) => {
      const lease = leaseOf(request);
      while (!(await lease.take(settings.editLeaseMs))) await pause(settings.editLookMs);
      return await during(request, lease, edit);
    },
  };
}
