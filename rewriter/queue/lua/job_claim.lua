-- Hands out a step of the batch API that is due. ARGV: the lease in ms. Returns {job,
-- fields}, or {} where none is due. Among the fields are the number of the claim, which fences all
-- that is done by it, and the age in ms of the batch at the provider, where there is one.

local lease, now = tonumber(ARGV[1]), now_ms()
local PAUSE_MS = 5000

for _, job in ipairs(redis.call('ZRANGEBYSCORE', key('steps'), '-inf', now, 'LIMIT', 0, 1000)) do
  local batch = split(job) -- '' of a job that is none of ours
  local home = key('job', batch == '' and '' or job)
  local model = redis.call('HGET', home, 'model')
  local options = redis.call('HMGET', key('batch', batch), 'paused', 'cancelling', 'api')
  local paused, called_off = options[1], options[2] or options[3] == 'direct'
  local provider = redis.call('HGET', home, 'provider')
  if not model then
    redis.call('ZREM', key('steps'), job)
  elseif not provider and not called_off and paused then
    redis.call('ZREM', key('steps'), job) -- until the batch goes on
  elseif not provider and not called_off and redis.call('EXISTS', shared('pause')) == 1 then
    redis.call('ZADD', key('steps'), now + PAUSE_MS, job)
  else
    if redis.call('HGET', key('batch', batch), 'filling/' .. model) == job then
      redis.call('HDEL', key('batch', batch), 'filling/' .. model)
    end
    redis.call('ZADD', key('steps'), now + lease, job)
    redis.call('HINCRBY', home, 'claim', 1)
    redis.call('HINCRBY', home, 'begun', 1)
    redis.call('HSET', home, 'until', now + lease)
    local fields = redis.call('HGETALL', home)
    local sent_at = redis.call('HGET', home, 'sent')
    if sent_at then fields[#fields + 1] = 'age'; fields[#fields + 1] = tostring(now - sent_at) end
    if options[2] then fields[#fields + 1] = 'cancelling'; fields[#fields + 1] = '1' end
    if called_off then fields[#fields + 1] = 'called_off'; fields[#fields + 1] = '1' end
    return {job, fields}
  end
end
return {}
