-- Cancels articles of a batch that nobody works on. ARGV: batch, then paths. Those in flight end
-- by themselves, and those in the batch API with their job: the provider is told, and what it
-- has answered by then is kept. A batch that is done stays so. Returns the number cancelled.

local batch, now, cancelled = ARGV[1], now_ms(), 0
need('batch', {batch})
local home, messages, ended = key('batch', batch), key('messages', batch), key('ended', batch)

local function amount(field) return tonumber(redis.call('HGET', home, field) or 0) end

local function number_left()
  local left = amount('submitted')
  for _, outcome in ipairs({'published', 'drafted', 'held', 'skipped', 'failed', 'dead', 'cancelled'}) do
    left = left - amount(outcome)
  end
  return left
end

local jobs = redis.call('SMEMBERS', key('jobs', batch))
need('job', jobs)
local left = number_left()
if left == 0 then return 0 end
redis.call('HSET', home, 'cancelling', 1)
redis.call('HDEL', home, 'paused')
for _, job in ipairs(jobs) do make_due(job, now) end

-- What is counted and has no message, since somebody has deleted it, can only be cancelled.
local lost = left - math.max(0, redis.call('HLEN', messages) - amount('failed') - amount('dead'))
if lost > 0 then
  count(batch, 'cancelled', lost)
  redis.call('HSET', home, 'ended_at', now)
  if redis.call('HLEN', messages) == 0 then redis.call('EXPIRE', home, KEEP_ENDED_SECONDS) end
  cancelled = lost
end

for n = 2, #ARGV do
  local path = ARGV[n]
  local id = batch .. '/' .. path
  if redis.call('SREM', key('awaiting_money'), id) == 1 then
    redis.call('HDEL', key('awaiting', batch), path)
  end
  if redis.call('HGET', key('busy'), path_of(path)) ~= id
    and redis.call('HEXISTS', key('awaiting', batch), path) == 0
    and redis.call('HEXISTS', messages, path) == 1
    and redis.call('HEXISTS', ended, path) == 0 then
    redis.call('ZREM', key('delayed'), id)
    redis.call('ZREM', key('suspects'), id)
    conclude(id, 'cancelled', '', now)
    cancelled = cancelled + 1
  end
end
return cancelled
