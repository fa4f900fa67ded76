-- A process reports what became of articles and claims new ones. ARGV: process, room, number in
-- flight, the most to take from the ready lists at once, then one JSON object:
--   ended:    {id, delivery, a JSON object that says how, true if Celery has told who called already}
--             each; money was booked when the calls ended
--   returned: {id, delivery, where, delay in ms, reason} each; where is ready, delayed, parked, or
--             batch_api, with {digest, model, bytes, most} of the question after the reason (most: see
--             defer), or without them for an article that waits for money that jobs set aside
--   urgent_only: true to claim none but urgent ones
--   known:    the ids in flight, after a lost connection; other holds go back
-- Returns {reason of a pause or '', {id, delivery, message, priority, task call or ''} for each
-- article claimed, what was found in the lists and is to be told, ids of reports that count for
-- nothing: the claim was lost before}.

local process, room, flying = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local at_once, report = tonumber(ARGV[4]), cjson.decode(ARGV[5])
local now, lost = now_ms(), {}
need('process', {process})
for _, reports in ipairs({report.ended or {}, report.returned or {}}) do
  for _, one in ipairs(reports) do need_batches({one[1]}) end
end
local MOST_TRIES = 5
local MOST_POPPED = 1000 -- bounds how long one call keeps Redis busy
local AGAIN_MS = 60000 -- until an article is taken once more that could not be

-- Whether this very claim has ended an article already: a report may be sent twice.
local function has_ended_by(id, delivery)
  local batch, row = split(id)
  local ended = redis.call('HGET', key('ended', batch), row)
  return ended and cjson.decode(ended).claim == delivery
end

for _, ended in ipairs(report.ended or {}) do
  local id = ended[1]
  if release(process, id, ended[2], now) then
    local batch, row = split(id)
    local how = cjson.decode(ended[3])
    if ended[4] then redis.call('HDEL', key('calls', batch), row) end
    count(batch, 'input_tokens', how.input_tokens or 0)
    count(batch, 'output_tokens', how.output_tokens or 0)
    count(batch, 'unpriced', how.cost == cjson.null and 1 or 0)
    conclude(id, how.outcome, how.reason or '', now, ended[3], process)
    if how.outcome ~= 'dead' then redis.call('DEL', shared('probing')) end -- see pause.lua
  elseif not has_ended_by(id, ended[2]) then
    lost[#lost + 1] = id
  end
end

for _, returned in ipairs(report.returned or {}) do
  local id, where = returned[1], returned[3]
  if returned[6] then job_of((split(id)), returned[6], returned[7], returned[8]) end
  if release(process, id, returned[2], now) then
    local batch, path = split(id)
    if where == 'ready' then
      redis.call('LPUSH', ready_list(id), id)
    elseif where == 'batch_api' then
      redis.call('HDEL', key('tries', batch), 'delivery/' .. path) -- what follows begins anew
      if returned[6] then
        defer(id, returned[6], returned[7], returned[8], returned[9], now)
      elseif tonumber(redis.call('GET', shared('reserved_jobs')) or 0) > 0 then
        redis.call('HSET', key('awaiting', batch), path, '')
        redis.call('SADD', key('awaiting_money'), id)
      else
        make_ready(id)
      end
    elseif where == 'parked' then
      redis.call('HSET', key('batch', batch), 'paused', returned[5])
      redis.call('RPUSH', key('parked', batch), id)
    elseif redis.call('HINCRBY', key('tries', batch), 'try/' .. path, 1) >= MOST_TRIES then
      conclude(id, 'dead', 'gave up after ' .. MOST_TRIES .. ' tries: ' .. returned[5], now)
    else
      local tries = redis.call('HGET', key('tries', batch), 'try/' .. path)
      redis.call('ZADD', key('delayed'), now + returned[4] * 2 ^ (tries - 1), id)
    end
  end
end

if report.known then
  local known = {}
  for _, id in ipairs(report.known) do known[id] = true end
  local held = redis.call('HKEYS', key('holds', process))
  need_batches(held)
  for _, id in ipairs(held) do
    if not known[id] then
      release(process, id, nil, now)
      if is_known(id) then redis.call('LPUSH', ready_list(id), id) end
    end
  end
end

local pause = redis.call('GET', shared('pause'))
if pause then return {pause, {}, {}, lost} end
-- After a pause one article at a time finds out whether its reason is gone.
local probing = redis.call('GET', shared('probing'))
if probing then room = math.min(room, probing == '' and 1 or 0) end
if room <= 0 or not redis.call('ZSCORE', key('processes'), process) then
  return {'', {}, {}, lost}
end

local taken, troubles = {}, {}

local function take(id)
  local batch, path = split(id)
  local message = redis.call('HGET', key('messages', batch), path)
  local about = redis.call('HMGET', key('batch', batch), 'cancelling', 'paused', 'priority')
  if not message then -- cancelled meanwhile, or none of ours
    if not about[1] then troubles[#troubles + 1] = id .. ': no such article; dropped' end
    return
  end
  if about[1] then return conclude(id, 'cancelled', '', now) end
  if about[2] then return redis.call('RPUSH', key('parked', batch), id) end
  if redis.call('HSETNX', key('busy'), path_of(path), id) == 0 then -- another batch works on this article
    return redis.call('ZADD', key('delayed'), now + 2000, id)
  end
  local delivery = redis.call('HINCRBY', key('tries', batch), 'delivery/' .. path, 1)
  redis.call('HSET', key('holds', process), id, delivery)
  redis.call('HSETNX', key('batch', batch), 'started_at', now)
  count(batch, 'running', 1)
  taken[#taken + 1] = {id, tostring(delivery), message, about[3] or 'normal',
    redis.call('HGET', key('calls', batch), path) or ''}
end

-- Scripts are not rolled back: what is off the lists must not be lost by an error of a single one.
local function try_to_take(id)
  local fine, trouble = pcall(take, id)
  if fine then return end
  local _, path = split(id)
  troubles[#troubles + 1] = id .. ': cannot be taken: ' .. words_of(trouble)
  if redis.call('HGET', key('busy'), path_of(path)) == id then
    redis.call('HDEL', key('busy'), path_of(path))
  end
  redis.call('ZADD', key('delayed'), now + AGAIN_MS, id)
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
    local ids = redis.call('ZRANGEBYSCORE', suspects, '-inf', upto,
      'LIMIT', 0, math.min(cohort, room))
    need_batches(ids)
    for _, id in ipairs(ids) do
      redis.call('ZREM', suspects, id)
      try_to_take(id)
    end
  end
  return true
end

-- The first id of a list, which is taken off it. The list ends before an id of a batch whose keys are
-- not named or have a wrong type, once there is something to answer: it would be lost if the script
-- ended here.
local function next_of(list)
  local id = redis.call('LINDEX', list, 0)
  if not id then return nil end
  local fine, trouble = pcall(need_batches, {id})
  if fine then return redis.call('LPOP', list) end
  if not taken[1] and not troubles[1] then error(trouble) end
end

if not isolate() then
  for _, priority in ipairs(report.urgent_only and {'high'} or PRIORITIES) do
    local list = key('ready', priority)
    for _ = 1, MOST_POPPED do
      if #taken >= math.min(room, at_once) then break end
      local id = next_of(list)
      if not id then break end
      try_to_take(id)
    end
  end
end
if probing and taken[1] then probe(ROOT .. taken[1][1]) end
return {'', taken, troubles, lost}
