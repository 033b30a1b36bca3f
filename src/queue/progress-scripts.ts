import { PREFIX } from './redis.ts';

/*
 * How requests stand, for people to see. Beside what `scripts.ts` names, a record holds for this:
 *   runs:<job>     how far the job is, 0 to 1, while it runs      before:<job>   how many run before it, once told
 *   highest        the largest fraction shown so far
 */

/** `show(id, state, field, value)`: note how an open request stands, and tell the listeners, if that is news. */
export const SHOW: string = `
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

/** `stand(id)`: show how a request stands whose pictures are found, by how each of its parts does. */
export const STAND: string = `${SHOW}
local function stand(id)
  local key = '${PREFIX}:request:' .. id
  local pictures, done, runs, before = 0, 0, false, nil
  for i = 0, tonumber(redis.call('HGET', key, 'count') or 0) - 1 do
    local job = redis.call('HGET', key, 'job:' .. i)
    if job then
      pictures = pictures + 1
      local fraction = redis.call('HGET', key, 'runs:' .. job)
      if redis.call('HEXISTS', key, 'part:' .. i) == 1 then done = done + 1
      elseif fraction then runs, done = true, done + tonumber(fraction)
      elseif before == nil then before = redis.call('HGET', key, 'before:' .. job) or '' end
    end
  end
  if not runs then
    before = before or ''
    return show(id, 'waiting', before == '' and '' or 'before', before)
  end
  local fraction = math.max(done / pictures, tonumber(redis.call('HGET', key, 'highest') or 0))
  local shown = string.format('%.3f', fraction)
  redis.call('HSET', key, 'highest', shown)
  return show(id, 'running', 'fraction', shown)
end`;

/** ARGV id. */
export const FETCHING: string = `${SHOW}
return show(ARGV[1], 'fetching', '', '')`;

/** KEYS waiters; ARGV job, fraction (empty where it does not run): for everyone who waits for the job. */
export const RUNS: string = `${STAND}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local key = '${PREFIX}:request:' .. id
  if redis.call('EXISTS', key) == 1 then
    redis.call('HDEL', key, 'before:' .. ARGV[1])
    if ARGV[2] == '' then redis.call('HDEL', key, 'runs:' .. ARGV[1])
    else redis.call('HSET', key, 'runs:' .. ARGV[1], ARGV[2]) end
    stand(id)
  end
end`;

/** KEYS request; ARGV id: none of its jobs runs. */
export const NONE_RUNS: string = `${STAND}
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or 0)
for i = 0, count - 1 do
  local job = redis.call('HGET', KEYS[1], 'job:' .. i)
  if job then redis.call('HDEL', KEYS[1], 'runs:' .. job) end
end
if count > 0 then stand(ARGV[1]) end`;

/**
 * Tell everyone in the line how many jobs run before theirs. BullMQ adds to the left of its list and takes
 * from the right. KEYS lease, wait list, active list; ARGV lease ms. Answers 0 where someone just did.
 */
export const TELL_LINE: string = `${STAND}
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 0 end
local line = redis.call('LRANGE', KEYS[2], 0, -1)
local active = redis.call('LLEN', KEYS[3])
for i, job in ipairs(line) do
  for _, id in ipairs(redis.call('SMEMBERS', '${PREFIX}:waiters:' .. job)) do
    local key = '${PREFIX}:request:' .. id
    if redis.call('EXISTS', key) == 1 then
      redis.call('HDEL', key, 'runs:' .. job)
      redis.call('HSET', key, 'before:' .. job, tostring(active + #line - i))
      stand(id)
    end
  end
end
return 1`;

/** KEYS open. Answers how many requests have not begun, and of how many a picture is being made. */
export const LINE: string = `
local waiting, running = 0, 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local state = redis.call('HGET', '${PREFIX}:request:' .. id, 'state')
  if state == 'running' then running = running + 1
  elseif state == 'accepted' or state == 'fetching' or state == 'waiting' then waiting = waiting + 1 end
end
return {waiting, running}`;
