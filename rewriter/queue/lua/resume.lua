-- Lets a paused batch go on. ARGV: batch, budget in micro-dollars ('' as it is). Returns the
-- number of articles that waited.

local batch = ARGV[1]
if ARGV[2] ~= '' then redis.call('HSET', key('batch', batch), 'budget', ARGV[2]) end
redis.call('HDEL', key('batch', batch), 'paused', 'cancelling')
local resumed = 0
while true do
  local id = redis.call('LPOP', key('parked', batch))
  if not id then return resumed end
  redis.call('RPUSH', ready_list(batch), id)
  resumed = resumed + 1
end
