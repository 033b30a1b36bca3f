import type { Client } from 'discord.js';
import type { Redis } from 'ioredis';
import type { CommandRequest } from '../../commands/request.ts';
import type { RequestQueue } from '../../queue/contract.ts';
import type { Log } from '../../queue/log.ts';
import { PREFIX } from '../../queue/redis.ts';
import { missing, needed } from './permissions.ts';
import { type Place, readPlace } from './place.ts';
import { readSource, type Where } from './source.ts';
import { LATE } from './speaker.ts';

/** Ends requests whose answer would have no place any more, while that can still be said. */
export interface Deadlines {
  /** Look after a request whose interaction takes no answer from then on (ms since the epoch). */
  keep(request: string, expires: number): Promise<void>;
  close(): Promise<void>;
}

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

/** Sorted set of requests, by the time from which their interaction takes no answer. */
const KEY = `${PREFIX}:discord:deadlines`;

/**
 * Where the bot may post a message of its own, an answer can come as late as it will. Elsewhere the interaction's own
 * answer is all there is: shortly before it takes no more edits, the request is cancelled, and delivery says why.
 * Every process looks; all that it does may be done twice.
 */
export function startDeadlines(options: DeadlinesOptions): Deadlines {
  const { client, redis, queue, lastWordMs, lookMs, log } = options;
  let closed = false;
  let current: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const id of await redis.zrangebyscore(KEY, '-inf', Date.now() + lastWordMs)) {
      if (closed) return;
      if (await settled(id)) await redis.zrem(KEY, id);
    }
  }

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

  const timer = setInterval(() => {
    current = current.then(look).catch((error: unknown) => {
      if (!closed) log.warn({ err: error }, 'Could not look for answers that come too late');
    });
  }, lookMs);

  return {
    keep: async (request, expires) => {
      await redis.zadd(KEY, expires, request);
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      await current;
    },
  };
}
