-- A process reports what became of articles and claims new ones. ARGV: process, room, number in
-- flight, the most to take from the ready lists at once, then one JSON object:
--   ended:    {id, delivery, a JSON object that says how, true if Celery has told who called already}
--             each; money was booked when the calls ended
--   returned: {id, delivery, where, delay in ms, reason} each; where is ready, delayed, parked, money
--             (delayed, without an end), or batch_api with {digest, model, bytes, most} of the
--             question after the reason (most: see defer)
--   urgent_only: true to claim none but urgent ones
--   known:    the ids in flight, after a lost connection; other holds go back
-- Returns {{id, delivery, message, priority, task call or ''} for each
-- article claimed, ids of reports that count for nothing: the claim was lost before}.

-- Scripts are not rolled back, and a Redis whose ACL was changed may refuse a command amid them: what
-- leaves a list or a hold does so after it is where it goes to.

local process, room, flying = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local at_once, report = tonumber(ARGV[4]), cjson.decode(ARGV[5])
local now, lost = now_ms(), {}
local MOST_TRIES = 5
local MOST_POPPED = 1000 -- bounds how long one call keeps Redis busy

-- Whether this very claim has ended an article already: a report may be sent twice.
local function has_ended_by(id, delivery)
  local ended = redis.call('HGET', key('ended'), id)
  return ended and cjson.decode(ended).claim == delivery
end

for _, ended in ipairs(report.ended or {}) do
  local id = ended[1]
  if holds(process, id, ended[2]) then
    redis.call('HSET', key('ended'), id, ended[3])
    release(process, id, ended[2], now)
    local batch, how = split(id), cjson.decode(ended[3])
    if ended[4] then redis.call('HDEL', key('calls'), id) end
    count(batch, 'input_tokens', how.input_tokens or 0)
    count(batch, 'output_tokens', how.output_tokens or 0)
    count(batch, 'unpriced', how.cost == cjson.null and 1 or 0)
    conclude(id, how.outcome, how.reason or '', now, ended[3], process)
    -- See pause.lua. What ends during a pause was claimed before it, and tells nothing of its reason.
    if how.outcome ~= 'dead' and redis.call('EXISTS', shared('pause')) == 0 then
      redis.call('DEL', shared('probing'))
    end
  elseif not has_ended_by(id, ended[2]) then
    lost[#lost + 1] = id
  end
end

for _, returned in ipairs(report.returned or {}) do
  local id, where, delay = returned[1], returned[3], returned[4]
  if holds(process, id, returned[2]) then
    if is_cancelled(id) then
      conclude(id, 'cancelled', '', now)
    elseif where == 'ready' then
      redis.call('LPUSH', ready_list(id), id)
    elseif where == 'batch_api' then
      redis.call('HDEL', key('tries'), 'delivery/' .. id) -- what follows begins anew
      defer(id, returned[6], returned[7], returned[8], returned[9], now)
    elseif where == 'money' then
      redis.call('ZADD', key('delayed'), now + delay, id)
    elseif where == 'parked' then
      set(split(id), 'paused', returned[5])
      redis.call('ZADD', key('parked'), now, id)
    else
      local tries = redis.call('HINCRBY', key('tries'), 'try/' .. id, 1)
      if tries >= MOST_TRIES then
        conclude(id, 'dead', 'gave up after ' .. MOST_TRIES .. ' tries: ' .. returned[5], now)
      else
        redis.call('ZADD', key('delayed'), now + delay * 2 ^ (tries - 1), id)
      end
    end
    release(process, id, returned[2], now)
  end
end

if report.known then
  local known = {}
  for _, id in ipairs(report.known) do known[id] = true end
  for _, held in ipairs(held_by({[process] = true})) do
    if not known[held.id] then
      redis.call('LPUSH', ready_list(held.id), held.id)
      release(process, held.id, nil, now)
    end
  end
end

if redis.call('EXISTS', shared('pause')) == 1 then return {{}, lost} end
-- After a pause one article at a time finds out whether its reason is gone.
local probing = redis.call('GET', shared('probing'))
if probing then room = math.min(room, probing == '' and 1 or 0) end
if room <= 0 or not redis.call('ZSCORE', key('processes'), process) then
  return {{}, lost}
end

local taken = {}

local function take(id)
  local batch, message = split(id), redis.call('HGET', key('messages'), id)
  local busy = redis.call('HGET', key('busy'), path_of(id))
  -- Cancelled articles stay in their list: one that is submitted again is in it twice.
  if not message or busy == id or has_ended(id) then return end
  if is_cancelled(id) then return conclude(id, 'cancelled', '', now) end
  if of(batch, 'paused') then return redis.call('ZADD', key('parked'), now, id) end
  if busy then return redis.call('ZADD', key('delayed'), now + 2000, id) end -- another batch has it
  local delivery = tostring(redis.call('HINCRBY', key('tries'), 'delivery/' .. id, 1))
  redis.call('HSET', key('holds'), id, delivery .. '|' .. process)
  redis.call('HSET', key('busy'), path_of(id), id)
  redis.call('HSETNX', key('batch'), batch .. '/started_at', now)
  count(batch, 'running', 1)
  taken[#taken + 1] = {id, delivery, message, of(batch, 'priority') or 'normal',
    redis.call('HGET', key('calls'), id) or ''}
end

-- Articles that were lost with their process are retried in ever smaller groups. At most half of the
-- processes isolate, so that the other articles go on, or all once there are no others.
local function isolate()
  local suspects = key('suspects')
  if redis.call('ZCARD', suspects) == 0 then
    redis.call('SREM', key('isolating'), process)
    return false
  end
  local isolating = redis.call('SISMEMBER', key('isolating'), process)
  if isolating == 1 and flying > 0 then return true end
  local most = math.max(1, math.floor(redis.call('ZCARD', key('processes')) / 2))
  if number_ready() > 0 and redis.call('SCARD', key('isolating')) - isolating >= most then
    redis.call('SREM', key('isolating'), process)
    return false
  end
  redis.call('SADD', key('isolating'), process)
  if flying == 0 then
    local first = redis.call('ZRANGE', suspects, 0, 0, 'WITHSCORES')
    local cohort, upto = tonumber(first[2]), KILLED_ALONE
    if cohort > KILLED_ALONE then cohort, upto = 1, '+inf' end
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', suspects, '-inf', upto,
      'LIMIT', 0, math.min(cohort, room))) do
      take(id)
      redis.call('ZREM', suspects, id)
    end
  end
  return true
end

if not isolate() then
  for _, priority in ipairs(report.urgent_only and {'high'} or PRIORITIES) do
    for _ = 1, MOST_POPPED do
      if #taken >= math.min(room, at_once) then break end
      local id = redis.call('LINDEX', key('ready:' .. priority), 0)
      if not id then break end
      take(id)
      redis.call('LPOP', key('ready:' .. priority))
    end
  end
end
if probing and taken[1] then probe(ROOT .. taken[1][1]) end
return {taken, lost}
