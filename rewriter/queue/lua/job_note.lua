-- Notes how far a job is. ARGV: job, claim, ms until its next step, which anybody may make, or '' to
-- keep the claim, then fields and values. With the field `provider` its batch's time begins.
-- Returns 1, or false where the claim is lost.

local name, now = ARGV[1], now_ms()
local job = claimed(name, ARGV[2])
if not job then return false end
for n = 4, #ARGV, 2 do job[ARGV[n]] = ARGV[n + 1] end
job.sent = job.sent or job.provider and now
hold(name, job, now)
if ARGV[3] ~= '' then
  job.lease_ends, job.begun = nil, nil
  redis.call('ZADD', key('steps'), now + ARGV[3], name)
  keep(name, job)
end
return 1
