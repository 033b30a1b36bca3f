import { SHOW, STAND } from './progress-scripts.ts';
import { PREFIX } from './redis.ts';

/*
 * What must happen all at once, or not at all, in Redis. A record (`request:<id>`) is a hash:
 *   request   JSON of the request        platform, person, owner, intent   taken from it, for scripts
 *   state     RequestState               before, seconds, fraction         numbers to show
 *   count     how many parts it has, once intake is done; for each of them, by its number from 0:
 *   source:<i>, job:<i>   JSON of its Source, and its inference job; neither where intake found no picture
 *   part:<i>  JSON of what became of it, once that is decided          pictures   how many of them are pictures
 *   outcome   JSON, once it is decided; the first one stands, and nothing is shown after it but the end
 *   forget    there where the record is to go as soon as the request is final
 * All keys share the hash tag of the prefix, so scripts may name keys that they read from a record.
 */

/** `settle(id, outcome)`: decide what delivery will say; the jobs that it waited for, false where it was decided. */
const SETTLE_FUNCTION = `
local function settle(id, outcome)
  local key = '${PREFIX}:request:' .. id
  if redis.call('EXISTS', key) == 0 or redis.call('HSETNX', key, 'outcome', outcome) == 0 then return false end
  redis.call('HSET', key, 'state', 'delivering')
  redis.call('HDEL', key, 'before', 'seconds', 'fraction')
  local jobs = {}
  for i = 0, tonumber(redis.call('HGET', key, 'count') or 0) - 1 do
    local job = redis.call('HGET', key, 'job:' .. i)
    if job and redis.call('SREM', '${PREFIX}:waiters:' .. job, id) == 1 then jobs[#jobs + 1] = job end
  end
  publish(id, 'delivering', {})
  return jobs
end
local function to_deliver(key)
  if redis.call('HGET', key, 'state') ~= 'delivering' then return false end
  return redis.call('HGET', key, 'platform')
end`;

/** `own(key, hash)`: the picture is that of the request's person too, as long as it is stored. */
const OWN_FUNCTION = `
local function own(key, hash)
  local left = redis.call('PTTL', '${PREFIX}:artefact-info:' .. hash)
  if left <= 0 then return end
  redis.call('SADD', '${PREFIX}:owners:' .. hash, redis.call('HGET', key, 'owner'))
  redis.call('PEXPIRE', '${PREFIX}:owners:' .. hash, left)
end`;

/** `now_ms()` */
const NOW_FUNCTION = `
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end`;

/**
 * KEYS event, intent, request, place, open, notes, asked; ARGV id, request, platform, person, owner, place, event
 * seconds, record seconds, place seconds, open at most. Answers `accepted`, `full`, or `event`/`intent` and the
 * request that stands. Of what a person has asked, nothing is remembered beyond three lives of a record: its
 * admission, its sources and its end each begin one.
 */
export const SUBMIT: string = `${NOW_FUNCTION}
local id = ARGV[1]
local seen = redis.call('GET', KEYS[1])
if seen == id then return {'accepted', id} end
if seen then return {'event', seen} end
-- The event's key lives shorter than the record of what it made.
if redis.call('EXISTS', KEYS[3]) == 1 then return {'event', id} end
local open = redis.call('GET', KEYS[2])
if open and redis.call('ZSCORE', KEYS[5], open) then
  redis.call('SET', KEYS[1], open, 'EX', ARGV[7])
  return {'intent', open}
end
if redis.call('ZCARD', KEYS[5]) >= tonumber(ARGV[10]) then return {'full', id} end
redis.call('SET', KEYS[1], id, 'EX', ARGV[7])
redis.call('SET', KEYS[2], id, 'EX', ARGV[8])
redis.call('HSET', KEYS[3], 'request', ARGV[2], 'platform', ARGV[3], 'person', ARGV[4], 'owner', ARGV[5],
  'intent', KEYS[2], 'state', 'accepted')
redis.call('EXPIRE', KEYS[3], ARGV[8])
redis.call('EXPIRE', KEYS[6], ARGV[8])
redis.call('SET', KEYS[4], ARGV[6], 'EX', ARGV[9])
redis.call('ZADD', KEYS[5], redis.call('TIME')[1], id)
redis.call('ZREMRANGEBYSCORE', KEYS[7], '-inf', now_ms() - 3000 * ARGV[8])
redis.call('ZADD', KEYS[7], now_ms(), id)
redis.call('EXPIRE', KEYS[7], 3 * ARGV[8])
return {'accepted', id}`;

/**
 * Keep the parts, unless some are kept, and wait for the jobs of those not decided. KEYS request, notes; ARGV id,
 * record seconds, then for each part its job, its source's hash (both empty for a failure) and its JSON.
 * Answers 0 where nobody waits any more.
 */
export const JOIN: string = `${STAND}${OWN_FUNCTION}
local id, key = ARGV[1], KEYS[1]
if redis.call('EXISTS', key) == 0 or redis.call('HEXISTS', key, 'outcome') == 1 then return 0 end
if redis.call('HEXISTS', key, 'count') == 0 and #ARGV > 2 then
  local count = (#ARGV - 2) / 3
  redis.call('HSET', key, 'count', tostring(count))
  for i = 0, count - 1 do
    local job, hash, json = ARGV[3 + 3 * i], ARGV[4 + 3 * i], ARGV[5 + 3 * i]
    if job == '' then redis.call('HSET', key, 'part:' .. i, json)
    else
      redis.call('HSET', key, 'job:' .. i, job, 'source:' .. i, json)
      own(key, hash)
    end
  end
  redis.call('EXPIRE', key, ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
for i = 0, tonumber(redis.call('HGET', key, 'count') or 0) - 1 do
  local job = redis.call('HGET', key, 'job:' .. i)
  if job and redis.call('HEXISTS', key, 'part:' .. i) == 0 then
    redis.call('SADD', '${PREFIX}:waiters:' .. job, id)
    redis.call('EXPIRE', '${PREFIX}:waiters:' .. job, ARGV[2])
  end
end
stand(id)
return 1`;

/**
 * Decide the parts that wait for a job, and the outcome with the last of them: pictures where there is one, else
 * the first failure. KEYS request, waiters; ARGV id, job, then for each part its number, the hash of its picture
 * (empty for a failure) and its JSON. Answers the platform where an outcome stands that has yet to be delivered.
 */
export const FILL: string = `${STAND}${SETTLE_FUNCTION}${OWN_FUNCTION}
local id, job, key = ARGV[1], ARGV[2], KEYS[1]
redis.call('SREM', KEYS[2], id)
if redis.call('EXISTS', key) == 0 or redis.call('HEXISTS', key, 'outcome') == 1 then return to_deliver(key) end
for a = 3, #ARGV, 3 do
  local number, hash, json = ARGV[a], ARGV[a + 1], ARGV[a + 2]
  if redis.call('HSETNX', key, 'part:' .. number, json) == 1 and hash ~= '' then
    redis.call('HINCRBY', key, 'pictures', 1)
    own(key, hash)
  end
end
redis.call('HDEL', key, 'runs:' .. job, 'before:' .. job, 'wait:' .. job)
local parts = {}
for i = 0, tonumber(redis.call('HGET', key, 'count') or 0) - 1 do
  local part = redis.call('HGET', key, 'part:' .. i)
  if not part then
    stand(id)
    return false
  end
  parts[#parts + 1] = part
end
if #parts == 0 then return false end
if redis.call('HEXISTS', key, 'pictures') == 0 then settle(id, parts[1])
else settle(id, '{"kind":"pictures","parts":[' .. table.concat(parts, ',') .. ']}') end
return to_deliver(key)`;

/** KEYS request; ARGV id, outcome. Answers the platform where an outcome stands that has yet to be delivered. */
export const SETTLE: string = `${SHOW}${SETTLE_FUNCTION}
settle(ARGV[1], ARGV[2])
return to_deliver(KEYS[1])`;

/** KEYS request; ARGV id, person, outcome. Answers the jobs it waited for, where it was theirs and open. */
export const CANCEL: string = `${SHOW}${SETTLE_FUNCTION}
if redis.call('HGET', KEYS[1], 'person') ~= ARGV[2] then return false end
return settle(ARGV[1], ARGV[3])`;

/** KEYS request, place, open, notes; ARGV id, final state, record seconds. Answers 1 where this ended it. */
export const FINISH: string = `${SHOW}${NOW_FUNCTION}
local ends = redis.call('HGET', KEYS[1], 'state') == 'delivering'
if ends then
  -- First what may be refused when memory is full: then nothing is closed by half.
  redis.call('HSET', KEYS[1], 'state', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[4], ARGV[3])
end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[2])
if not ends then return 0 end
local intent = redis.call('HGET', KEYS[1], 'intent')
if redis.call('GET', intent) == ARGV[1] then redis.call('DEL', intent) end
publish(ARGV[1], ARGV[2], {})
local asked = '${PREFIX}:asked:' .. redis.call('HGET', KEYS[1], 'owner')
if redis.call('HEXISTS', KEYS[1], 'forget') == 1 then
  redis.call('DEL', KEYS[1], KEYS[4])
  redis.call('ZREM', asked, ARGV[1])
else
  redis.call('ZADD', asked, 'XX', now_ms(), ARGV[1])
  redis.call('EXPIRE', asked, 3 * ARGV[3])
end
return 1`;

/**
 * Delete what is kept of a request; of one that is not final as soon as it is. KEYS request, place, open, notes,
 * asked; ARGV id. Answers 1 where there was a record.
 */
export const ERASE: string = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[5], ARGV[1])
  redis.call('DEL', KEYS[4])
  return 0
end
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then
  redis.call('HSET', KEYS[1], 'forget', '1')
else
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
  redis.call('ZREM', KEYS[5], ARGV[1])
end
return 1`;

/** KEYS notes; ARGV name, value, what it replaces (empty for nothing), record seconds. Answers what stands. */
export const NOTE: string = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and (ARGV[3] == '' or known ~= ARGV[3]) then return known end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[4]) end
return ARGV[2]`;
