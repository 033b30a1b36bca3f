import type { QueueContext } from './context.ts';
import { keys } from './keys.ts';

/** Why the signal of a job aborts that nobody wants any more. */
export class Unwanted extends Error {}

/**
 * Abort running jobs as soon as nobody wants them any more, with `Unwanted` as the reason.
 * @param running by the job's id; the caller keeps it as it is
 * @returns ends the watch
 */
export function watchWanted(
  context: QueueContext,
  running: ReadonlyMap<string, AbortController>,
  wanted: (id: string) => Promise<boolean>,
): () => void {
  const { log, settings } = context;
  let ended = false;

  async function look(id: string): Promise<void> {
    try {
      const stop = running.get(id);
      if (stop !== undefined && !(await wanted(id))) stop.abort(new Unwanted());
    } catch (error) {
      log.warn({ job: id, err: error }, 'Could not look whether a job is still wanted');
    }
  }

  // The message comes at once but may be lost; the look at intervals is late but certain.
  const subscriber = context.subscriber();
  subscriber.subscribe(keys.cancelled).catch((error: unknown) => {
    if (!ended) log.warn({ err: error }, 'Cancellations will be seen late');
  });
  subscriber.on('message', (_channel, id) => void look(id));
  const timer = setInterval(() => {
    for (const id of running.keys()) void look(id);
  }, settings.watchMs);

  return () => {
    ended = true;
    clearInterval(timer);
    subscriber.disconnect();
  };
}
