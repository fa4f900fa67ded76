-- Cancels articles of a batch that nobody works on. ARGV: batch, then paths. Those in flight end
-- by themselves, and those in the batch lane with their parcel: the provider is told, and what it
-- has answered by then is kept. Returns the number cancelled.

local batch, now, cancelled = ARGV[1], now_ms(), 0
redis.call('HSET', key('batch', batch), 'cancelling', 1)
for _, parcel in ipairs(redis.call('SMEMBERS', key('parcels', batch))) do hurry(parcel, now) end
for n = 2, #ARGV do
  local path = ARGV[n]
  local id = batch .. '/' .. path
  if redis.call('SREM', key('moneyless'), id) == 1 then
    redis.call('HDEL', key('awaiting', batch), path)
  end
  if redis.call('HGET', key('busy'), path) ~= id
    and redis.call('HEXISTS', key('awaiting', batch), path) == 0
    and redis.call('HEXISTS', key('messages', batch), path) == 1
    and redis.call('HEXISTS', key('reasons', batch), path) == 0 then
    redis.call('ZREM', key('delayed'), id)
    redis.call('ZREM', key('suspects'), id)
    conclude(id, 'cancelled', '', now)
    cancelled = cancelled + 1
  end
end
return cancelled
