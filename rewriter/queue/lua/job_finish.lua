-- Ends a job of which no question is left: books what it cost. ARGV: job, claim, 1 where nobody
-- knows what it cost: then all counts that was set aside. Returns 1, or false where the claim is lost.
-- Articles that waited for the money it had set aside go on at the next tick of their workers.

local job, now = ARGV[1], now_ms()
need_batches({job})
need('job', {job})
if not holds_step(job, ARGV[2]) or redis.call('HLEN', key('lines', job)) > 0 then
  return false
end
local home = key('job', job)
local cost = tonumber(redis.call('HGET', home, 'cost') or 0)
if ARGV[3] == '1' then cost = nil end
book('job|' .. job, cost, now)
redis.call('SREM', key('jobs', (split(job))), job)
redis.call('ZREM', key('steps'), job)
redis.call('DEL', home, key('lines', job))
redis.call('INCR', shared('jobs_finished')) -- see tick.lua
return 1
