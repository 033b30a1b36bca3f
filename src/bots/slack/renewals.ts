import type { Log } from '../../queue/log.ts';
import type { Installations } from './installations.ts';

/**
 * How often it is looked: while processes are started anew one by one, one that still has the earlier secret as its
 * own goes on to seal under it.
 */
const EVERY_MS = 10 * 60_000;

/**
 * Seal stored installations anew under the current secret, now and every ten minutes, so that an earlier one can be
 * dropped, whether or not anything was heard of a workspace since. Nothing waits for it.
 */
export function startRenewals(
  installations: Pick<Installations, 'renewAll'>,
  log: Log,
  everyMs: number = EVERY_MS,
): { close(): Promise<void> } {
  let current: Promise<void> = Promise.resolve();

  async function turn(): Promise<void> {
    try {
      const { renewed, unreadable } = await installations.renewAll();
      if (renewed > 0) log.info({ renewed }, 'Installations were sealed anew under the current secret');
      if (unreadable > 0)
        log.error({ unreadable }, 'Installations are sealed under a secret that is not known');
    } catch (error) {
      log.warn({ err: error }, 'Installations could not be looked through; later again');
    }
  }

  const look = (): void => {
    current = current.then(turn);
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    close: async () => {
      clearInterval(timer);
      await current;
    },
  };
}
