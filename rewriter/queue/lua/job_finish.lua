-- Ends a job of which no question is left: books what it cost. ARGV: job, claim, 1 where nobody
-- knows what it cost: then all counts that was set aside. Returns 1, or false where the claim is lost.

local name = ARGV[1]
local job = claimed(name, ARGV[2])
if not job or job.questions > 0 then return false end
book('job|' .. name, ARGV[3] ~= '1' and (job.cost or 0) or nil, now_ms())
redis.call('ZREM', key('steps'), name)
redis.call('HDEL', key('jobs'), name)
return 1
