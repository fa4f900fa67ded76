-- Notes how far a job is. ARGV: job, claim, ms until its next step or the claim's end, 1 to
-- give the claim back, then fields and values. With the field `provider` its batch's time begins.
-- Returns 1, or false where the claim is lost.

local name, now = ARGV[1], now_ms()
local job, due = claimed(name, ARGV[2]), now + ARGV[3]
if not job then return false end
for n = 5, #ARGV, 2 do job[ARGV[n]] = ARGV[n + 1] end
job.sent = job.sent or job.provider and now
job.lease_ends = due
if ARGV[4] == '1' then job.lease_ends, job.begun = nil, nil end
keep(name, job)
redis.call('ZADD', key('steps'), due, name)
return 1
