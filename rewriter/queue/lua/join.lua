-- A process begins (ARGV: process, lease in ms) or ends its work (lease 0). One that has yet to tell
-- callers how their articles ended stays until its lease is over: then others tell them.

local process, lease = ARGV[1], tonumber(ARGV[2])
if lease > 0 then
  redis.call('ZADD', key('processes'), now_ms() + lease, process)
  return
end
redis.call('SREM', key('isolating'), process)
for _, telling in ipairs(redis.call('HVALS', key('telling'))) do
  if string.match(telling, '^[^|]*') == process then return end
end
redis.call('ZREM', key('processes'), process)
