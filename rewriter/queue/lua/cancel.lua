-- Cancels articles of a batch that nobody works on. ARGV: batch, then rows. Those in flight end
-- by themselves, and those in the batch API with their job: the provider is told, and what it
-- has answered by then is kept. A batch that is done stays so. Returns the number cancelled.

local batch, now, cancelled = ARGV[1], now_ms(), 0
if number_left(batch) == 0 then return 0 end
set(batch, 'cancelling', 1)
unset(batch, 'paused')
steer_jobs(batch, true, now)

for n = 2, #ARGV do
  local id = batch .. '/' .. ARGV[n]
  if not is_known(id) or has_ended(id) then -- nothing is left of it
  elseif redis.call('HGET', key('busy'), path_of(id)) == id
    or redis.call('HEXISTS', key('awaiting'), id) == 1 then
    redis.call('HSET', key('tries'), 'cancel/' .. id, 1)
  else
    redis.call('ZREM', key('delayed'), id)
    redis.call('ZREM', key('suspects'), id)
    redis.call('ZREM', key('parked'), id)
    conclude(id, 'cancelled', '', now)
    cancelled = cancelled + 1
  end
end
return cancelled
