import type { Redis } from 'ioredis';
import type { Log } from '../../queue/log.ts';
import type { Api } from './api.ts';
import { isTrouble, troubleOf } from './api-errors.ts';
import { type Due, startDue } from './due.ts';

/** Takes messages of the bot's own away after a while, also where it was started anew meanwhile. */
export interface Fading {
  /** @param at milliseconds since the epoch */
  keep(channel: string, message: string, at: number): Promise<void>;
  close: Due['close'];
}

export function startFading(options: {
  readonly api: Pick<Api, 'remove'>;
  readonly redis: Redis;
  readonly lookMs: number;
  readonly log: Log;
}): Fading {
  const { api, redis, lookMs, log } = options;
  const due = startDue({ redis, name: 'fading', lookMs, settle: remove, log });

  async function remove(what: string): Promise<boolean> {
    const [channel = '', message = ''] = what.split('/');
    try {
      await api.remove(channel, message);
    } catch (error) {
      if (isTrouble(error, 'discord-away', 'discord-busy')) return false;
      // Somebody took it away before, or does not let us.
      log.info({ err: troubleOf(error) }, 'A hint could not be taken away');
    }
    return true;
  }

  return {
    keep: (channel, message, at) => due.keep(`${channel}/${message}`, at),
    close: due.close,
  };
}
