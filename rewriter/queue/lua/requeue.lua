-- Puts failed and dead articles back. ARGV: batch, the API from now on ('' as it is), then paths.
-- Returns the number put back.

local batch, api, requeued = ARGV[1], ARGV[2], 0
redis.call('PERSIST', key('batch', batch))
redis.call('PERSIST', key('ended', batch))
for n = 3, #ARGV do
  local path = ARGV[n]
  local kept = redis.call('HGET', key('ended', batch), path)
  local outcome = kept and cjson.decode(kept).outcome
  if outcome == 'failed' or outcome == 'dead' then
    count(batch, outcome, -1)
    redis.call('HDEL', key('ended', batch), path)
    local put_back = api == 'direct' and ask_directly or make_ready
    if put_back(batch .. '/' .. path) then requeued = requeued + 1 end
  end
end
return requeued
