-- Files an article that another app called the task for. ARGV: batch, priority, row, target, message,
-- call. Returns 'filed', 'collides' where another path has its target, or the JSON object of how it
-- ended: a message that comes a second time finds that.

local batch, priority, row, target, message, call = unpack(ARGV)
local ended = redis.call('HGET', key('ended'), batch .. '/' .. row)
if ended then return ended end
-- All of a batch that was cancelled has ended: the call is none of those that were meant.
if number_left(batch) == 0 then unset(batch, 'cancelling') end
open_batch(batch, priority, now_ms())
return add(batch, row, target, message, call) and 'filed' or 'collides'
