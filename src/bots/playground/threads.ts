import type { Redis } from 'ioredis';
import { z } from 'zod';
import { answered } from '../../queue/redis.ts';
import type { Message } from './page/wire.ts';
import { readStored, type StoredMessage } from './stored.ts';

/** A message, and when it last changed. Versions grow within a thread, also beyond its end and a new beginning. */
export interface Versioned {
  readonly version: number;
  readonly message: Message;
}

/**
 * Threads in Redis, one for each session. Every change gives its message a new version, so what a reader has
 * missed is simply what has a higher version than the last one they saw.
 */
export interface Threads {
  /** Post a message; one of this id that is there already stays as it is. */
  post(thread: string, message: StoredMessage): Promise<void>;
  /**
   * Put the final message in an open placeholder's place; where the placeholder is gone, it is posted. One that is
   * final already stays as it is: the first word is the last.
   */
  close(thread: string, message: StoredMessage): Promise<void>;
  /** Note an emoji on a picture of a message; false where there is no such message. */
  react(thread: string, message: string, picture: string, emoji: string): Promise<boolean>;
  read(thread: string, id: string): Promise<StoredMessage | undefined>;
  /** What was posted or changed after `version`, in the order of change. */
  since(thread: string, version: number): Promise<readonly Versioned[]>;
  /** Keep the thread for another while. */
  renew(thread: string): Promise<void>;
  /** Where changes of a thread are told; what is told does not matter. */
  channel(thread: string): string;
}

/** Where threads are kept, for how long, and how many messages each holds. */
export interface ThreadsOptions {
  readonly prefix: string;
  readonly threadSeconds: number;
  readonly threadMessages: number;
}

/*
 * KEYS thread (hash: `m:<id>` the message, `o:<id>` its order, `open:<id>` while it is a placeholder, `seq`),
 * versions (sorted set: id by version), reactions (sorted set: `<message> <picture> <emoji>` by version).
 */
const CHANGE = `
local function change(id, now, ttl, channel)
  local version = math.max(tonumber(redis.call('HGET', KEYS[1], 'seq') or 0) + 1, tonumber(now))
  local text = string.format('%.0f', version)
  redis.call('HSET', KEYS[1], 'seq', text)
  redis.call('ZADD', KEYS[2], text, id)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ttl) end
  redis.call('PUBLISH', channel, text)
  return text
end`;

/** ARGV now, ttl, channel, limit, id, JSON, '1' for an open placeholder, 'post' or 'close'. */
const WRITE = `${CHANGE}
local id, json, open, mode = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local known = redis.call('HEXISTS', KEYS[1], 'm:' .. id) == 1
if known and (mode == 'post' or redis.call('HEXISTS', KEYS[1], 'open:' .. id) == 0) then return end
redis.call('HSET', KEYS[1], 'm:' .. id, json)
if open == '1' then redis.call('HSET', KEYS[1], 'open:' .. id, 1) else redis.call('HDEL', KEYS[1], 'open:' .. id) end
local version = change(id, ARGV[1], ARGV[2], ARGV[3])
redis.call('HSETNX', KEYS[1], 'o:' .. id, version)
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) do
  local oldest = redis.call('ZPOPMIN', KEYS[2])[1]
  redis.call('HDEL', KEYS[1], 'm:' .. oldest, 'o:' .. oldest, 'open:' .. oldest)
end`;

/** ARGV now, ttl, channel, limit, message id, reaction. */
const REACT = `${CHANGE}
if redis.call('HEXISTS', KEYS[1], 'm:' .. ARGV[5]) == 0 then return 0 end
if redis.call('ZSCORE', KEYS[3], ARGV[6]) then return 1 end
redis.call('ZADD', KEYS[3], ARGV[1], ARGV[6])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1001)
change(ARGV[5], ARGV[1], ARGV[2], ARGV[3])
return 1`;

/** ARGV version. Answers the reactions, then version, order and JSON of each message. */
const SINCE = `
local answer = { redis.call('ZRANGE', KEYS[3], 0, -1) }
local changed = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'WITHSCORES')
for i = 1, #changed, 2 do
  local fields = redis.call('HMGET', KEYS[1], 'o:' .. changed[i], 'm:' .. changed[i])
  if fields[2] then answer[#answer + 1] = { changed[i + 1], fields[1], fields[2] } end
end
return answer`;

const changes: z.ZodType<[string[], ...[string, string, string][]]> = z.tuple(
  [z.array(z.string())],
  z.tuple([z.string(), z.string(), z.string()]),
);

/** Every change is one script: seen whole, or not at all. */
export function createThreads(redis: Redis, options: ThreadsOptions): Threads {
  const ttl = options.threadSeconds * 1000;
  const base = (thread: string): string => `${options.prefix}:playground:thread:${thread}`;
  const keysOf = (thread: string): string[] => [
    base(thread),
    `${base(thread)}:versions`,
    `${base(thread)}:reactions`,
  ];
  const channel = (thread: string): string => `${base(thread)}:changed`;

  function script(text: string, thread: string, ...values: (string | number)[]): Promise<unknown> {
    return answered(redis, redis.eval(text, 3, ...keysOf(thread), ...values));
  }

  async function write(thread: string, message: StoredMessage, mode: 'post' | 'close'): Promise<void> {
    const open = message.request?.state === 'open' ? '1' : '';
    const about = [Date.now(), ttl, channel(thread), options.threadMessages];
    await script(WRITE, thread, ...about, message.id, JSON.stringify(message), open, mode);
  }

  return {
    channel,
    post: (thread, message) => write(thread, message, 'post'),
    close: (thread, message) => write(thread, message, 'close'),
    react: async (thread, message, picture, emoji) => {
      const reaction = `${message} ${picture} ${emoji}`;
      const about = [Date.now(), ttl, channel(thread), options.threadMessages];
      return (await script(REACT, thread, ...about, message, reaction)) === 1;
    },
    read: async (thread, id) => {
      const json = await answered(redis, redis.hget(base(thread), `m:${id}`));
      return json === null ? undefined : readStored(json);
    },
    since: async (thread, version) => {
      const [reactions, ...rows] = changes.parse(await script(SINCE, thread, version));
      return rows.map(([changed, order, json]) => {
        const stored = readStored(json);
        const message = { ...stored, order: Number(order), reactions: reactionsTo(stored.id, reactions) };
        return { version: Number(changed), message };
      });
    },
    renew: async (thread) => {
      await answered(redis, Promise.all(keysOf(thread).map((key) => redis.pexpire(key, ttl))));
    },
  };
}

function reactionsTo(id: string, reactions: readonly string[]): Message['reactions'] {
  return reactions.flatMap((reaction) => {
    const [message, picture = '', emoji = ''] = reaction.split(' ');
    return message === id ? [{ picture, emoji }] : [];
  });
}
