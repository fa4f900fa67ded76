-- Renews a process's lease, brings back the articles of lost ones and those whose delay is over.
-- ARGV: process ('' for none), lease in ms, the longest gap between ticks in ms, then the processes
-- that are known to have ended, whose leases end now.
-- Returns {1 while the process holds its lease, else 0; ids and task calls, one after the other, of
-- articles that have ended and whose callers this process is to tell so}.

local process, lease, longest_gap = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = now_ms()
local MOST_TOLD = 100 -- about so many callers are told at a time

-- Time in which nobody ticked (Redis or the whole fleet was down) counts for no lease: nobody
-- could renew one.
local before = tonumber(redis.call('GET', key('ticked_at')) or now)
redis.call('SET', key('ticked_at'), now)
if now - before > longest_gap then
  for _, name in ipairs(redis.call('ZRANGE', key('processes'), 0, -1)) do
    redis.call('ZINCRBY', key('processes'), now - before, name)
  end
end

for n = 4, #ARGV do redis.call('ZADD', key('processes'), 'XX', 0, ARGV[n]) end

local alive = 0
if process ~= '' then
  alive = redis.call('ZSCORE', key('processes'), process) and 1 or 0
  if alive == 1 then redis.call('ZADD', key('processes'), now + lease, process) end
end

local ended = redis.call('ZRANGEBYSCORE', key('processes'), '-inf', now)
need('process', ended)
for _, lost in ipairs(ended) do need_batches(redis.call('HKEYS', key('holds', lost))) end

local function suspect(id, cohort)
  local batch, path = split(id)
  if cohort > 1 then
    local smaller = math.max(1, math.floor(cohort / COHORT_SHARE))
    return redis.call('ZADD', key('suspects'), smaller, id)
  end
  local kills = redis.call('HINCRBY', key('tries', batch), 'kill/' .. path, 1)
  if kills >= MOST_KILLS then
    return conclude(id, 'dead', 'its worker died ' .. MOST_KILLS
      .. ' times while it worked on this article alone', now)
  end
  redis.call('ZADD', key('suspects'), KILLED_ALONE + kills, id)
end

for _, lost in ipairs(ended) do
  local ids = redis.call('HKEYS', key('holds', lost))
  if #ids > 0 then redis.call('INCRBY', key('taken_over'), #ids) end
  for _, id in ipairs(ids) do
    release(lost, id, nil, now)
    if is_known(id) then suspect(id, #ids) end
  end
  local untold = redis.call('HGETALL', key('untold', lost))
  for n = 1, #untold, 2 do redis.call('HSET', key('untold', ''), untold[n], untold[n + 1]) end
  redis.call('DEL', key('untold', lost))
  redis.call('ZREM', key('processes'), lost)
  redis.call('SREM', key('isolating'), lost)
  forget_list(lost)
end

local due = redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', now, 'LIMIT', 0, 1000)
need_batches(due)
for _, id in ipairs(due) do
  redis.call('ZREM', key('delayed'), id)
  make_ready(id)
end

-- Money that jobs had set aside is free again, in this content root or in another.
local finished = redis.call('GET', shared('jobs_finished'))
if finished and finished ~= redis.call('GET', key('jobs_finished')) then
  local awaiting = redis.call('SMEMBERS', key('awaiting_money'))
  need_batches(awaiting)
  redis.call('SET', key('jobs_finished'), finished)
  for _, id in ipairs(awaiting) do
    local batch, path = split(id)
    redis.call('SREM', key('awaiting_money'), id)
    redis.call('HDEL', key('awaiting', batch), path)
    make_ready(id)
  end
end

local untold = {}
if alive == 1 then
  need('process', {process})
  untold = redis.call('HSCAN', key('untold', ''), 0, 'COUNT', MOST_TOLD)[2]
  for n = 1, #untold, 2 do
    redis.call('HSET', key('untold', process), untold[n], untold[n + 1])
    redis.call('HDEL', key('untold', ''), untold[n])
  end
end
return {alive, untold}
