-- The state of the queue of a content root, as a JSON object: see Standing in batches.py.

local now = now_ms()
local MICRO = 1000000 -- in a dollar

local function waited(id)
  local since = id and of(split(id), 'submitted_at')
  return since and now - since or 0
end

local oldest = waited(redis.call('ZRANGE', key('delayed'), 0, 0)[1])
for _, priority in ipairs(PRIORITIES) do
  oldest = math.max(oldest, waited(redis.call('LINDEX', key('ready:' .. priority), 0)))
end

return cjson.encode({
  ready = number_ready(),
  delayed = redis.call('ZCARD', key('delayed')),
  suspect = redis.call('ZCARD', key('suspects')),
  running = redis.call('HLEN', key('holds')),
  parked = redis.call('ZCARD', key('parked')),
  awaiting = redis.call('HLEN', key('awaiting')),
  oldest_seconds = oldest / 1000,
  processes = redis.call('ZCOUNT', key('processes'), '(' .. now, '+inf'),
  taken_over = tonumber(redis.call('GET', key('taken_over')) or 0),
  paused = redis.call('GET', shared('pause')) or '',
  pause_seconds = math.max(0, redis.call('PTTL', shared('pause'))) / 1000,
  cooling_seconds = math.max(0, (redis.call('HGET', shared('cooled'), 'until') or 0) - now) / 1000,
  spent_today = (redis.call('HGET', shared('spent'), today(now)) or 0) / MICRO,
})
