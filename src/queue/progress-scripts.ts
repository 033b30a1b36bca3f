import { PREFIX } from './redis.ts';

/*
 * How requests stand, for people to see. Beside what `scripts.ts` names, a record holds for this:
 *   runs:<job>     how far the job is, 0 to 1, while it runs      before:<job>   how many run before it, once told
 *   wait:<job>     in about how many seconds it begins, once told and where one can tell
 *   highest        the largest fraction shown so far
 */

/**
 * `show(id, state, numbers)`: note how an open request stands, and tell the listeners, if that is news. Numbers are
 * `before`, `seconds` and `fraction`, by name, as text.
 */
export const SHOW: string = `
local NUMBERS = { 'before', 'seconds', 'fraction' }
local function publish(id, state, numbers)
  local platform = redis.call('HGET', '${PREFIX}:request:' .. id, 'platform')
  local progress = { request = id, platform = platform, state = state }
  for name, value in pairs(numbers) do progress[name] = tonumber(value) end
  redis.call('PUBLISH', '${PREFIX}:progress:' .. platform, cjson.encode(progress))
end
local function show(id, state, numbers)
  local key = '${PREFIX}:request:' .. id
  if redis.call('EXISTS', key) == 0 or redis.call('HEXISTS', key, 'outcome') == 1 then return 0 end
  local news = redis.call('HGET', key, 'state') ~= state
  for _, name in ipairs(NUMBERS) do
    if (redis.call('HGET', key, name) or nil) ~= numbers[name] then news = true end
  end
  if not news then return 0 end
  redis.call('HSET', key, 'state', state)
  redis.call('HDEL', key, unpack(NUMBERS))
  for name, value in pairs(numbers) do redis.call('HSET', key, name, value) end
  publish(id, state, numbers)
  return 1
end`;

/** `stand(id)`: show how a request stands whose pictures are found, by how each of its parts does. */
export const STAND: string = `${SHOW}
local function stand(id)
  local key = '${PREFIX}:request:' .. id
  local pictures, done, runs, first = 0, 0, false, nil
  for i = 0, tonumber(redis.call('HGET', key, 'count') or 0) - 1 do
    local job = redis.call('HGET', key, 'job:' .. i)
    if job then
      pictures = pictures + 1
      local fraction = redis.call('HGET', key, 'runs:' .. job)
      if redis.call('HEXISTS', key, 'part:' .. i) == 1 then done = done + 1
      elseif fraction then runs, done = true, done + tonumber(fraction)
      elseif first == nil then first = job end
    end
  end
  if not runs then
    if first == nil then return show(id, 'waiting', {}) end
    local before = redis.call('HGET', key, 'before:' .. first) or nil
    return show(id, 'waiting', { before = before, seconds = redis.call('HGET', key, 'wait:' .. first) or nil })
  end
  local fraction = math.max(done / pictures, tonumber(redis.call('HGET', key, 'highest') or 0))
  local shown = string.format('%.3f', fraction)
  redis.call('HSET', key, 'highest', shown)
  return show(id, 'running', { fraction = shown })
end`;

/** ARGV id. */
export const FETCHING: string = `${SHOW}
return show(ARGV[1], 'fetching', {})`;

/** KEYS waiters; ARGV job, fraction (empty where it does not run): for everyone who waits for the job. */
export const RUNS: string = `${STAND}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local key = '${PREFIX}:request:' .. id
  if redis.call('EXISTS', key) == 1 then
    redis.call('HDEL', key, 'before:' .. ARGV[1], 'wait:' .. ARGV[1])
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
 * Tell everyone in the line how many jobs run before theirs, and in about how many seconds it begins where the costs of
 * all before it are known; half of what runs is taken to be done. BullMQ adds to the left of its list and takes from
 * the right, and takes from its sorted set when the list is empty. KEYS lease, costs of jobs in line, wait list, sorted
 * set, active list; ARGV lease ms. Answers 0 where someone just did.
 */
export const TELL_LINE: string = `${STAND}
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 0 end
local line = {}
for i, job in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do table.insert(line, 1, job) end
for _, job in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do line[#line + 1] = job end
local active = redis.call('LRANGE', KEYS[5], 0, -1)
local costs, seconds, kept = {}, 0, {}
for i, value in ipairs(redis.call('HGETALL', KEYS[2])) do
  if i % 2 == 1 then kept[#kept + 1] = value else costs[kept[#kept]] = tonumber(value) end
end
for _, job in ipairs(active) do
  seconds = seconds and costs[job] and seconds + costs[job] / 2
end
local there = {}
for _, job in ipairs(active) do there[job] = true end
for i, job in ipairs(line) do
  there[job] = true
  for _, id in ipairs(redis.call('SMEMBERS', '${PREFIX}:waiters:' .. job)) do
    local key = '${PREFIX}:request:' .. id
    if redis.call('EXISTS', key) == 1 then
      redis.call('HDEL', key, 'runs:' .. job, 'wait:' .. job)
      redis.call('HSET', key, 'before:' .. job, tostring(#active + i - 1))
      if seconds then redis.call('HSET', key, 'wait:' .. job, tostring(math.ceil(seconds / math.max(1, #active)))) end
      stand(id)
    end
  end
  seconds = seconds and costs[job] and seconds + costs[job]
end
for _, job in ipairs(kept) do
  if not there[job] then redis.call('HDEL', KEYS[2], job) end
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
