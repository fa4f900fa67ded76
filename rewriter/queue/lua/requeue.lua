-- Puts failed and dead articles back. ARGV: batch, the lane from now on ('' as it is), then paths.
-- Returns the number put back.

local batch, lane, requeued = ARGV[1], ARGV[2], 0
redis.call('PERSIST', key('batch', batch))
redis.call('PERSIST', key('ended', batch))
for n = 3, #ARGV do
  local path = ARGV[n]
  local kept = redis.call('HGET', key('reasons', batch), path)
  if kept then
    count(batch, cjson.decode(kept).status, -1)
    redis.call('HDEL', key('reasons', batch), path)
    redis.call('HDEL', key('ended', batch), path)
    local put_back = lane == 'direct' and leave_lane or make_ready
    if put_back(batch .. '/' .. path) then requeued = requeued + 1 end
  end
end
return requeued
