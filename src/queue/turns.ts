import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Owner } from './contract.ts';
import { keys, ownerName } from './keys.ts';

/** On whose account a job goes. */
export interface Share extends Owner {
  /** Left out in private. */
  readonly server?: string;
}

/**
 * Whose turn it is: start-time fair queueing (Goyal, Vin and Cheng 1996) over people and servers. Each job is given the
 * virtual time at which it may start: not before what the same person asked for earlier is paid for, however much of it
 * still waits. So whoever has asked for little comes before whoever has asked for much.
 */
export interface Turns {
  /** The priority (1 or more, the lowest goes first) of a job, whose cost goes on the account. */
  take(share: Share, seconds: number): Promise<number>;
  /** The priority that it would have; nothing goes on the account. */
  ask(share: Share, seconds: number): Promise<number>;
  /** A job of that priority has begun. */
  began(priority: number): Promise<void>;
}

/** BullMQ takes no higher one. */
const LAST = 2 ** 21 - 1;

/** Virtual time is counted in tenths of a second of work: the last priority is reached by 58 hours of it in line. */
const PER_SECOND = 10;

/** A server's many people together get as much as so many people alone. */
const SERVER_WEIGHT = 4;

/** Of jobs whose turn comes at the same time the cheaper goes first: so much of its cost counts towards its turn. */
const OWN_COST = 1 / 8;

/**
 * KEYS now, people, servers, waiting, prioritized, active; ARGV person, server (empty for none), cost, 1 to charge it.
 * Answers the virtual time at which the job may start. An empty queue begins anew at 0.
 */
const TURN = `
if redis.call('LLEN', KEYS[4]) + redis.call('ZCARD', KEYS[5]) + redis.call('LLEN', KEYS[6]) == 0 then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
end
local now = tonumber(redis.call('GET', KEYS[1]) or 0)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local function paid(key, who) return math.max(now, tonumber(redis.call('ZSCORE', key, who) or 0)) end
local start = paid(KEYS[2], ARGV[1])
local of_server = 0
if ARGV[2] ~= '' then
  of_server = paid(KEYS[3], ARGV[2])
  start = math.max(start, of_server)
end
if ARGV[4] == '1' then
  redis.call('ZADD', KEYS[2], start + ARGV[3], ARGV[1])
  if ARGV[2] ~= '' then redis.call('ZADD', KEYS[3], of_server + ARGV[3] / ${SERVER_WEIGHT}, ARGV[2]) end
end
return tostring(start)`;

/** KEYS now; ARGV virtual time. It never goes back. */
const BEGAN = `
if tonumber(ARGV[1]) > tonumber(redis.call('GET', KEYS[1]) or 0) then redis.call('SET', KEYS[1], ARGV[1]) end`;

/** @param lists BullMQ's own keys of what waits, what waits by priority, and what runs */
export function createTurns(redis: Redis, queue: string, lists: readonly [string, string, string]): Turns {
  const [now, people, servers] = keys.turns(queue);

  async function turn(share: Share, seconds: number, charge: boolean): Promise<number> {
    const cost = Math.max(1, Math.round(seconds * PER_SECOND));
    const { platform, server } = share;
    const names = [now, people, servers, ...lists];
    const values = [
      ownerName(share),
      server === undefined ? '' : `${platform}:${server}`,
      cost,
      charge ? '1' : '',
    ];
    const start = z.coerce.number().parse(await redis.eval(TURN, names.length, ...names, ...values));
    return Math.min(LAST, 1 + Math.floor(start + cost * OWN_COST));
  }

  return {
    take: (share, seconds) => turn(share, seconds, true),
    ask: (share, seconds) => turn(share, seconds, false),
    began: async (priority) => {
      await redis.eval(BEGAN, 1, now, Math.max(0, priority - 1));
    },
  };
}
