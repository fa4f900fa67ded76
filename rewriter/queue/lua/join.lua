-- A process begins (ARGV: process, lease in ms) or ends its work (lease 0).

local process, lease = ARGV[1], tonumber(ARGV[2])
if lease > 0 then
  redis.call('ZADD', key('processes'), now_ms() + lease, process)
  redis.call('ZREM', key('lists'), process)
else
  redis.call('ZREM', key('processes'), process)
  redis.call('SREM', key('isolating'), process)
  forget_list(process, now_ms())
end
