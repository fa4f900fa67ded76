-- Notes how far a job is. ARGV: job, claim, what becomes of its step, then fields and values. With the
-- field `provider` its batch's time begins. The step stays with who has it (''), is anybody's after so
-- many ms, or any other text is the reason for which the job's batch waits for a person.
-- Returns 1, or false where the claim is lost.

local name, step, now = ARGV[1], ARGV[3], now_ms()
local job = claimed(name, ARGV[2])
if not job then return false end
for n = 4, #ARGV, 2 do job[ARGV[n]] = ARGV[n + 1] end
job.sent = job.sent or job.provider and now
hold(name, job, now)
if step == '' then return 1 end
job.lease_ends, job.begun = nil, nil
keep(name, job)
if tonumber(step) then
  redis.call('ZADD', key('steps'), now + step, name)
else
  set(job.batch, 'paused', step)
  redis.call('ZREM', key('steps'), name)
end
return 1
