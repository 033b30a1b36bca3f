import { PREFIX } from './redis.ts';

/*
 * What must happen all at once, or not at all, in Redis. A record (`request:<id>`) is a hash:
 *   request   JSON of the request        platform, person, intent   taken from it, for scripts
 *   state     RequestState               before, fraction           numbers to show
 *   source    JSON of its ArtefactInfo, once intake is done
 *   job       inference job, once intake is done
 *   outcome   JSON, once it is decided; the first one stands, and nothing is shown after it but the end
 * All keys share the hash tag of the prefix, so scripts may name keys that they read from a record.
 */

/** `show(id, state, field, value)`: note how an open request stands, and tell the listeners, if that is news. */
const SHOW = `
local function publish(id, state, field, value)
  local platform = redis.call('HGET', '${PREFIX}:request:' .. id, 'platform')
  local progress = { request = id, platform = platform, state = state }
  if field ~= '' then progress[field] = tonumber(value) end
  redis.call('PUBLISH', '${PREFIX}:progress:' .. platform, cjson.encode(progress))
end
local function show(id, state, field, value)
  local key = '${PREFIX}:request:' .. id
  if redis.call('EXISTS', key) == 0 or redis.call('HEXISTS', key, 'outcome') == 1 then return 0 end
  local known = redis.call('HGET', key, 'state') == state
  if known and (field == '' or redis.call('HGET', key, field) == value) then return 0 end
  redis.call('HSET', key, 'state', state)
  redis.call('HDEL', key, 'before', 'fraction')
  if field ~= '' then redis.call('HSET', key, field, value) end
  publish(id, state, field, value)
  return 1
end`;

/** `settle(id, outcome)`: decide what delivery will say; true where it had not been decided. */
const SETTLE_FUNCTION = `${SHOW}
local function settle(id, outcome)
  local key = '${PREFIX}:request:' .. id
  local job = redis.call('HGET', key, 'job')
  if job then redis.call('SREM', '${PREFIX}:waiters:' .. job, id) end
  if redis.call('EXISTS', key) == 0 or redis.call('HSETNX', key, 'outcome', outcome) == 0 then return false end
  redis.call('HSET', key, 'state', 'delivering')
  redis.call('HDEL', key, 'before', 'fraction')
  publish(id, 'delivering', '', '')
  return true
end`;

/**
 * KEYS event, intent, request, place, open; ARGV id, request, platform, person, place, event seconds, record
 * seconds, place seconds, open at most. Answers `accepted`, `full`, or `event`/`intent` and the request that stands.
 */
export const SUBMIT: string = `
local id = ARGV[1]
local seen = redis.call('GET', KEYS[1])
if seen == id then return {'accepted', id} end
if seen then return {'event', seen} end
local open = redis.call('GET', KEYS[2])
if open and redis.call('ZSCORE', KEYS[5], open) then
  redis.call('SET', KEYS[1], open, 'EX', ARGV[6])
  return {'intent', open}
end
if redis.call('ZCARD', KEYS[5]) >= tonumber(ARGV[9]) then return {'full', id} end
redis.call('SET', KEYS[1], id, 'EX', ARGV[6])
redis.call('SET', KEYS[2], id, 'EX', ARGV[7])
redis.call('HSET', KEYS[3], 'request', ARGV[2], 'platform', ARGV[3], 'person', ARGV[4], 'intent', KEYS[2],
  'state', 'accepted')
redis.call('EXPIRE', KEYS[3], ARGV[7])
redis.call('SET', KEYS[4], ARGV[5], 'EX', ARGV[8])
redis.call('ZADD', KEYS[5], redis.call('TIME')[1], id)
return {'accepted', id}`;

/** ARGV id, state, field (`before`, `fraction` or empty), value. */
export const ADVANCE: string = `${SHOW}
return show(ARGV[1], ARGV[2], ARGV[3], ARGV[4])`;

/** KEYS request, waiters; ARGV id, source, job, record seconds. Answers 0 where nobody waits any more. */
export const JOIN: string = `${SHOW}
local id = ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'outcome') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'source', ARGV[2], 'job', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('SADD', KEYS[2], id)
redis.call('EXPIRE', KEYS[2], ARGV[4])
if redis.call('HGET', KEYS[1], 'state') ~= 'running' then show(id, 'waiting', '', '') end
return 1`;

/** KEYS request; ARGV id, outcome. Answers the platform where an outcome stands that has yet to be delivered. */
export const SETTLE: string = `${SETTLE_FUNCTION}
settle(ARGV[1], ARGV[2])
if redis.call('HGET', KEYS[1], 'state') == 'delivering' then return redis.call('HGET', KEYS[1], 'platform') end
return false`;

/** KEYS request; ARGV id, person, outcome. Answers the job (or an empty string) where it was theirs and open. */
export const CANCEL: string = `${SETTLE_FUNCTION}
if redis.call('HGET', KEYS[1], 'person') ~= ARGV[2] then return false end
if not settle(ARGV[1], ARGV[3]) then return false end
return redis.call('HGET', KEYS[1], 'job') or ''`;

/** KEYS request, place, open; ARGV id, final state, record seconds. Answers 1 where this ended it. */
export const FINISH: string = `${SHOW}
local ends = redis.call('HGET', KEYS[1], 'state') == 'delivering'
if ends then
  -- First what may be refused when memory is full: then nothing is closed by half.
  redis.call('HSET', KEYS[1], 'state', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[2])
if not ends then return 0 end
local intent = redis.call('HGET', KEYS[1], 'intent')
if redis.call('GET', intent) == ARGV[1] then redis.call('DEL', intent) end
publish(ARGV[1], ARGV[2], '', '')
return 1`;

/**
 * Tell everyone in the line how many jobs run before theirs. BullMQ adds to the left of its list and takes
 * from the right. KEYS lease, wait list, active list; ARGV lease ms. Answers 0 where someone just did.
 */
export const TELL_LINE: string = `${SHOW}
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 0 end
local line = redis.call('LRANGE', KEYS[2], 0, -1)
local active = redis.call('LLEN', KEYS[3])
for i, job in ipairs(line) do
  for _, id in ipairs(redis.call('SMEMBERS', '${PREFIX}:waiters:' .. job)) do
    show(id, 'waiting', 'before', tostring(active + #line - i))
  end
end
return 1`;
