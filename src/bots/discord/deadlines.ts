import type { Client } from 'discord.js';
import type { Redis } from 'ioredis';
import type { CommandRequest } from '../../commands/request.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import { type Due, startDue } from './due.ts';
import { missing, needed } from './permissions.ts';
import { type Place, readPlace } from './place.ts';
import { readSource, type Where } from './source.ts';
import { LATE } from './speaker.ts';

/** What deadlines need. */
export interface DeadlinesOptions {
  readonly client: Client;
  readonly redis: Redis;
  readonly queue: Pick<RequestQueue<CommandRequest>, 'get' | 'place' | 'progress' | 'note' | 'cancel'>;
  /** How long before its end an interaction's answer is settled. */
  readonly lastWordMs: number;
  readonly lookMs: number;
  readonly log: Log;
}

/**
 * Where the bot may post a message of its own, an answer can come as late as it will. Elsewhere the interaction's own
 * answer is all there is: shortly before it takes no more edits, the request is cancelled, and delivery says why.
 * Requests are kept by the time from which their interaction takes no answer.
 */
export function startDeadlines(options: DeadlinesOptions): Due {
  const { client, redis, queue, lastWordMs, lookMs, log } = options;
  /** False where another process is to see to it. */
  async function settled(id: string): Promise<boolean> {
    const [request, placeJson, progress] = await Promise.all([
      queue.get(id),
      queue.place(id),
      queue.progress(id),
    ]);
    const place = readPlace(placeJson, Date.now());
    if (request === undefined || place === undefined || progress?.state === 'delivering') return true;
    const posts = mayPost(place, readSource(request).where);
    if (posts !== false) return posts !== undefined;
    await queue.note(id, LATE, 'yes');
    if (await queue.cancel(id, request.person.id)) {
      log.info({ request: id }, 'A request was ended, for its answer would have had no place');
    }
    return true;
  }

  /** Undefined where only another process of the bot knows the place. */
  function mayPost({ posts }: Place, { server, channel: id }: Where): boolean | undefined {
    if (!posts || server === undefined) return posts;
    if (!client.guilds.cache.has(server)) return undefined;
    const channel = client.channels.cache.get(id);
    if (channel === undefined || channel.isDMBased()) return true;
    const { me } = channel.guild.members;
    const permissions = me === null ? null : channel.permissionsFor(me);
    const wanted = needed({ thread: channel.isThread(), posts: true });
    return permissions === null || missing(permissions.freeze(), wanted).length === 0;
  }

  return startDue({ redis, name: 'deadlines', aheadMs: lastWordMs, lookMs, settle: settled, log });
}
