-- Renews a process's lease, brings back the articles of lost ones and those whose delay is over.
-- ARGV: process ('' for none), lease in ms, the longest gap between ticks in ms, then the processes
-- that are known to have ended, whose leases end now.
-- Returns {1 while the process holds its lease, else 0; ids and task calls, one after the other, of
-- articles that have ended and whose callers this process is to tell so; the processes that were
-- lost}.

local process, lease, longest_gap = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = now_ms()
local MOST_TOLD = 100 -- about so many callers are told at a time

-- Time in which nobody ticked (Redis or the whole fleet was down) counts for no lease: nobody
-- could renew one. Where the clock was put back, all that waits for a time would wait longer.
local gap = now - tonumber(redis.call('GET', key('ticked_at')) or now)
redis.call('SET', key('ticked_at'), now)
redis.call('HSET', shared('heard'), ROOT, now)
if gap < 0 or gap > longest_gap then
  for _, name in ipairs(gap < 0 and {'processes', 'delayed', 'steps'} or {'processes'}) do
    for _, member in ipairs(redis.call('ZRANGE', key(name), 0, -1)) do
      redis.call('ZINCRBY', key(name), gap, member)
    end
  end
  local pause = redis.call('PTTL', shared('pause'))
  if gap < 0 and pause > 0 then redis.call('PEXPIRE', shared('pause'), math.max(1, pause + gap)) end
end

for n = 4, #ARGV do redis.call('ZADD', key('processes'), 'XX', 0, ARGV[n]) end

local alive = 0
if process ~= '' then
  alive = redis.call('ZSCORE', key('processes'), process) and 1 or 0
  if alive == 1 then redis.call('ZADD', key('processes'), now + lease, process) end
end

local function suspect(id, cohort)
  if cohort > 1 then
    local smaller = math.max(1, math.floor(cohort / COHORT_SHARE))
    return redis.call('ZADD', key('suspects'), smaller, id)
  end
  local kills = redis.call('HINCRBY', key('tries'), 'kill/' .. id, 1)
  if kills >= MOST_KILLS then
    return conclude(id, 'dead', 'its worker died ' .. MOST_KILLS
      .. ' times while it worked on this article alone', now)
  end
  redis.call('ZADD', key('suspects'), KILLED_ALONE + kills, id)
end

local ended, company = redis.call('ZRANGEBYSCORE', key('processes'), '-inf', now), {}
if ended[1] then
  for _, name in ipairs(ended) do company[name] = 0 end
  local held = held_by(company)
  for _, one in ipairs(held) do company[one.process] = company[one.process] + 1 end
  redis.call('INCRBY', key('taken_over'), #held)
  for _, one in ipairs(held) do
    suspect(one.id, company[one.process])
    release(one.process, one.id, nil, now) -- the last, see exchange.lua
  end
  local telling = redis.call('HGETALL', key('telling'))
  for n = 1, #telling, 2 do
    local name, call = string.match(telling[n + 1], '^([^|]*)|(.*)$')
    if company[name] then
      redis.call('HDEL', key('telling'), telling[n])
      redis.call('HSET', key('untold'), telling[n], call)
    end
  end
  for _, name in ipairs(redis.call('HKEYS', key('jobs'))) do
    local job = job_of(name)
    if job.lease_ends and company[job.process] then hold(name, job, now, CREATING_MS) end
  end
  redis.call('ZREM', key('processes'), unpack(ended))
  redis.call('SREM', key('isolating'), unpack(ended))
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', now, 'LIMIT', 0, 1000)) do
  make_ready(id)
  redis.call('ZREM', key('delayed'), id)
end

local untold = {}
if alive == 1 then
  untold = redis.call('HSCAN', key('untold'), 0, 'COUNT', MOST_TOLD)[2]
  for n = 1, #untold, 2 do
    redis.call('HSET', key('telling'), untold[n], process .. '|' .. untold[n + 1])
    redis.call('HDEL', key('untold'), untold[n])
  end
end
return {alive, untold, ended}
