-- The state of the queue of a content root, as a JSON object: see Standing in batches.py.

local now = now_ms()
local processes, batches = redis.call('ZRANGE', key('processes'), 0, -1),
  redis.call('ZRANGE', key('batches'), 0, -1)
ask('process', processes)
ask('batch', batches)

local MICRO = 1000000 -- in a dollar

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

return cjson.encode({
  ready = number_ready(),
  delayed = redis.call('ZCARD', key('delayed')),
  suspect = redis.call('ZCARD', key('suspects')),
  running = running,
  parked = parked,
  awaiting = awaiting,
  oldest_seconds = oldest / 1000,
  processes = redis.call('ZCOUNT', key('processes'), '(' .. now, '+inf'),
  taken_over = tonumber(redis.call('GET', key('taken_over')) or 0),
  paused = redis.call('GET', shared('pause')) or '',
  cooling_seconds = math.max(0, (redis.call('HGET', shared('cooled'), 'until') or 0) - now) / 1000,
  spent_today = (redis.call('HGET', shared('spent'), today(now)) or 0) / MICRO,
})
