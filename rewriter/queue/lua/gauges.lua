-- The state of the queue of a content root. Returns the numbers of articles that are ready, delayed,
-- suspects, in progress, parked, and awaiting a batch of the provider; for how many ms the first one
-- that could be claimed has waited since its batch was submitted; the number of processes whose lease
-- is not over; the claims that were taken from dead processes; 1 while all is paused; ms for which the
-- provider asked for a pause; micro-dollars that the fleet spent today.

local now = now_ms()
local processes, batches = redis.call('ZRANGE', key('processes'), 0, -1),
  redis.call('ZRANGE', key('batches'), 0, -1)
need('holds', processes)
need('batch', batches)

local function waited(id)
  local since = id and redis.call('HGET', key('batch', (split(id))), 'submitted_at')
  return since and now - since or 0
end

local oldest = waited(redis.call('ZRANGE', key('delayed'), 0, 0)[1])
for _, priority in ipairs(PRIORITIES) do
  oldest = math.max(oldest, waited(redis.call('LINDEX', key('ready', priority), 0)))
end

local running, parked, awaiting = 0, 0, 0
for _, process in ipairs(processes) do
  running = running + redis.call('HLEN', key('holds', process))
end
for _, batch in ipairs(batches) do
  parked = parked + redis.call('LLEN', key('parked', batch))
  awaiting = awaiting + redis.call('HLEN', key('awaiting', batch))
end

return {
  number_ready(), redis.call('ZCARD', key('delayed')), redis.call('ZCARD', key('suspects')),
  running, parked, awaiting, oldest, redis.call('ZCOUNT', key('processes'), '(' .. now, '+inf'),
  tonumber(redis.call('GET', key('taken_over')) or 0), redis.call('EXISTS', shared('pause')),
  math.max(0, (redis.call('HGET', shared('cooled'), 'until') or 0) - now),
  tonumber(redis.call('HGET', shared('spent'), today(now)) or 0),
}
