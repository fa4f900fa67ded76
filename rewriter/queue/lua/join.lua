-- A process begins (ARGV: process, lease in ms) or ends its work (lease 0). One that has yet to tell
-- callers how their articles ended stays until its lease is over: then others tell them.

local process, lease = ARGV[1], tonumber(ARGV[2])
need('process', {process})
if lease > 0 then
  redis.call('ZADD', key('processes'), now_ms() + lease, process)
else
  if redis.call('EXISTS', key('untold', process)) == 0 then
    redis.call('ZREM', key('processes'), process)
  end
  redis.call('SREM', key('isolating'), process)
  forget_list(process)
end
