import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { keys } from './keys.ts';
import { answered } from './redis.ts';

/** On whose account a request goes. */
export interface Share {
  readonly platform: string;
  readonly person: string;
  /** Left out in private. */
  readonly server?: string;
}

/** How many requests an hour takes; 0 for any number. */
export interface ShareLimits {
  readonly personPerHour: number;
  readonly serverPerHour: number;
}

/** How much a person, and a server, may ask for in any one hour. */
export interface Limits {
  /**
   * Count one request, on the person's account and on the server's, or on neither.
   * @throws UserError `limit-person`, `limit-server`, with `limit` and `until` (milliseconds since the epoch, when
   * one is free again) among its data
   * @throws ImpastoError `redis-away`
   */
  take(share: Share, limits: ShareLimits): Promise<void>;
  /** What was taken last for a request that turned out to be none (a repeat, refused). */
  giveBack(share: Share): Promise<void>;
}

const HOUR_MS = 3_600_000;

/**
 * Each key is a sorted set of what was taken, by when: an hour that slides, so `until` is exact. What is taken while
 * there is no limit counts too, should one be set.
 * KEYS person, server where there is one; ARGV ticket, hour in ms, limits in the order of KEYS. Answers nothing, or
 * the number of the key that is full and when one is free again.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - ARGV[2])
  local limit, taken = tonumber(ARGV[2 + i]), redis.call('ZCARD', key)
  if limit > 0 and taken >= limit then
    local frees = redis.call('ZRANGE', key, taken - limit, taken - limit, 'WITHSCORES')
    return {i, frees[2] + ARGV[2]}
  end
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, ARGV[1])
  redis.call('PEXPIRE', key, ARGV[2])
end
return false`;

/** KEYS as above. */
const GIVE_BACK = `
for _, key in ipairs(KEYS) do redis.call('ZPOPMAX', key) end`;

const refusal = z.tuple([z.number(), z.number()]).nullable();

/** @param redis a producer's connection, so that a person is not left waiting; it stays the caller's */
export function createLimits(redis: Redis): Limits {
  return {
    take: async (share, { personPerHour, serverPerHour }) => {
      const names = namesOf(share);
      const values = [randomUUID(), HOUR_MS, personPerHour, serverPerHour];
      const reply = await answered(redis, redis.eval(TAKE, names.length, ...names, ...values));
      const refused = refusal.parse(reply);
      if (refused === null) return;
      const [which, until] = refused;
      throw which === 1 ? personLimit(personPerHour, until) : serverLimit(serverPerHour, until);
    },
    giveBack: async (share) => {
      const names = namesOf(share);
      await answered(redis, redis.eval(GIVE_BACK, names.length, ...names));
    },
  };
}

function namesOf({ platform, person, server }: Share): string[] {
  const own = keys.personShare({ platform, person });
  return server === undefined ? [own] : [own, keys.serverShare(platform, server)];
}

function personLimit(limit: number, until: number): UserError {
  const sentence = `You have asked for a lot this hour; ${limit} is the most. Try again in ${minutes(until)}.`;
  return new UserError('limit-person', sentence, { data: { limit, until } });
}

function serverLimit(limit: number, until: number): UserError {
  const sentence = `This server has asked for a lot this hour; ${limit} is the most. Try again in ${minutes(until)}.`;
  return new UserError('limit-server', sentence, { data: { limit, until } });
}

function minutes(until: number): string {
  const left = Math.max(1, Math.ceil((until - Date.now()) / 60_000));
  return left === 1 ? 'a minute' : `${left} minutes`;
}
