import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ImpastoError } from '../errors.ts';
import type { Artefacts, Owner } from './contract.ts';
import { artefactInfo } from './formats.ts';
import { keys, ownerName } from './keys.ts';
import { replyCode } from './redis.ts';
import type { ArtefactInfo } from './request.ts';

/** How long and how many artefacts are kept. */
export interface ArtefactOptions {
  /** After an artefact was last put or touched. */
  readonly ttlSeconds: number;
  /** The bytes of all artefacts together; leave Redis room beside it for everything else. */
  readonly budgetBytes: number;
}

/**
 * Take the bytes of what has expired out of the books. KEYS expiry (sorted set: hash → ms), sizes (hash), total.
 * The books may name an artefact a little longer than it lives, never shorter: it is counted until it is swept.
 */
const SWEEP = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function forget(hash)
  redis.call('DECRBY', KEYS[3], redis.call('HGET', KEYS[2], hash) or 0)
  redis.call('HDEL', KEYS[2], hash)
  redis.call('ZREM', KEYS[1], hash)
end
for _, hash in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do forget(hash) end`;

/** KEYS …, bytes, info, owners; ARGV hash, size, ttl ms, budget, owner or nothing. Answers 'kept', 'reserved' or 'full'. */
const RESERVE = `${SWEEP}
local until_ms = now + ARGV[3]
local kept = redis.call('EXISTS', KEYS[4], KEYS[5]) == 2
if not kept and redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then
  if tonumber(redis.call('GET', KEYS[3]) or 0) + ARGV[2] > tonumber(ARGV[4]) then return 'full' end
  redis.call('INCRBY', KEYS[3], ARGV[2])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
redis.call('ZADD', KEYS[1], until_ms, ARGV[1])
redis.call('PEXPIREAT', KEYS[4], until_ms)
redis.call('PEXPIREAT', KEYS[5], until_ms)
if ARGV[5] ~= '' then redis.call('SADD', KEYS[6], ARGV[5]) end
redis.call('PEXPIREAT', KEYS[6], until_ms)
return kept and 'kept' or 'reserved'`;

/** KEYS …, bytes, info, owners; ARGV hash, ttl ms. Answers 1 where it is there. */
const TOUCH = `${SWEEP}
if redis.call('EXISTS', KEYS[4], KEYS[5]) < 2 then
  if redis.call('ZSCORE', KEYS[1], ARGV[1]) then forget(ARGV[1]) end
  return 0
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIREAT', KEYS[4], now + ARGV[2])
redis.call('PEXPIREAT', KEYS[5], now + ARGV[2])
redis.call('PEXPIREAT', KEYS[6], now + ARGV[2])
return 1`;

/** KEYS …, bytes, info, owners; ARGV hash. Answers 1 where it was there and nobody's. */
const REMOVE = `${SWEEP}
if redis.call('EXISTS', KEYS[6]) == 1 then return 0 end
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then forget(ARGV[1]) end
return redis.call('DEL', KEYS[4], KEYS[5]) > 0 and 1 or 0`;

/** KEYS expiry, sizes, total; ARGV hash: give a reservation back. */
const RELEASE = `${SWEEP}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then forget(ARGV[1]) end`;

/** KEYS expiry, sizes, total. */
const TOTAL = `${SWEEP}
return tonumber(redis.call('GET', KEYS[3]) or 0)`;

/**
 * Artefacts in Redis: the bytes as a binary key, what is known of them beside it, both with the same TTL.
 * Room is reserved before the bytes travel, so that two large pictures can't both take the last of it.
 */
export function createArtefacts(
  redis: Redis,
  options: ArtefactOptions,
): Artefacts & { total(): Promise<number> } {
  const { books, artefactBytes: bytesKey, artefactInfo: infoKey } = keys;
  const ttlMs = options.ttlSeconds * 1000;

  const namesOf = (hash: string) => [...books, bytesKey(hash), infoKey(hash), keys.owners(hash)];

  async function put(
    bytes: Buffer,
    about: Omit<ArtefactInfo, 'hash' | 'bytes'>,
    owner?: Owner,
  ): Promise<ArtefactInfo> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const { contentType, width, height, frames } = about;
    const moving = frames === undefined ? {} : { frames };
    const info: ArtefactInfo = { hash, contentType, bytes: bytes.length, width, height, ...moving };
    const names = namesOf(hash);
    const room = await redis.eval(
      RESERVE,
      names.length,
      ...names,
      hash,
      bytes.length,
      ttlMs,
      options.budgetBytes,
      owner === undefined ? '' : ownerName(owner),
    );
    if (room === 'full') throw storageFull(options.budgetBytes);
    if (room === 'kept') return info;
    try {
      await redis.set(bytesKey(hash), bytes, 'PX', ttlMs);
      await redis.set(infoKey(hash), JSON.stringify(info), 'PX', ttlMs);
    } catch (error) {
      if (replyCode(error) !== 'OOM') throw error;
      await redis.eval(RELEASE, books.length, ...books, hash);
      throw storageFull(options.budgetBytes, error);
    }
    return info;
  }

  return {
    put,
    get: async (hash) => {
      const [bytes, info] = await Promise.all([redis.getBuffer(bytesKey(hash)), redis.get(infoKey(hash))]);
      return bytes === null || info === null
        ? undefined
        : { info: artefactInfo.parse(JSON.parse(info)), bytes };
    },
    touch: async (hash) => {
      const names = namesOf(hash);
      return (await redis.eval(TOUCH, names.length, ...names, hash, ttlMs)) === 1;
    },
    owners: (hash) => redis.smembers(keys.owners(hash)),
    remove: async (hash) => {
      const names = namesOf(hash);
      return (await redis.eval(REMOVE, names.length, ...names, hash)) === 1;
    },
    total: async () => Number(await redis.eval(TOTAL, books.length, ...books)),
  };
}

function storageFull(budgetBytes: number, cause?: unknown): ImpastoError {
  return new ImpastoError({
    code: 'storage-full',
    userMessage: 'There is no room for more pictures just now. Try again in a little while.',
    retryable: true,
    report: true,
    publicMessage: true,
    data: { budgetBytes },
    cause,
  });
}
