-- Adds articles to a batch. ARGV: batch, priority, budget in micro-dollars ('' for none), then
-- path, target, message for each. Returns the paths whose target another path of the batch has.

local batch, priority, budget = ARGV[1], ARGV[2], ARGV[3]
local now = now_ms()
local home = key('batch', batch)
redis.call('ZADD', key('batches'), 'NX', now, batch)
redis.call('HSETNX', home, 'submitted_at', now)
redis.call('HSET', home, 'priority', priority) -- of what is submitted, or comes back, from now on
redis.call('PERSIST', home)
if budget ~= '' then redis.call('HSET', home, 'budget', budget) end

local collisions = {}
for n = 4, #ARGV, 3 do
  local path, target, message = ARGV[n], ARGV[n + 1], ARGV[n + 2]
  if redis.call('HEXISTS', key('messages', batch), path) == 0 then
    redis.call('HSETNX', key('targets', batch), target, path)
    if redis.call('HGET', key('targets', batch), target) == path then
      redis.call('HSET', key('messages', batch), path, message)
      redis.call('RPUSH', ready_list(batch), batch .. '/' .. path)
      count(batch, 'submitted', 1)
    else
      collisions[#collisions + 1] = path
    end
  end
end
redis.call('EXPIRE', key('targets', batch), 3600)
return collisions
