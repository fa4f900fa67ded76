-- Puts failed and dead articles back. ARGV: batch, then paths. Returns the number put back.

local batch, requeued = ARGV[1], 0
redis.call('PERSIST', key('batch', batch))
for n = 2, #ARGV do
  local path = ARGV[n]
  local kept = redis.call('HGET', key('reasons', batch), path)
  if kept then
    count(batch, cjson.decode(kept).status, -1)
    redis.call('HDEL', key('reasons', batch), path)
    redis.call('RPUSH', ready_list(batch), batch .. '/' .. path)
    requeued = requeued + 1
  end
end
return requeued
