-- Pauses the batch of a job for a reason that needs a person. ARGV: job, claim, reason. The
-- job waits until the batch goes on. Returns 1, or false where the claim is lost.

local name = ARGV[1]
local job = claimed(name, ARGV[2])
if not job then return false end
set(job.batch, 'paused', ARGV[3])
redis.call('ZREM', key('steps'), name)
job.lease_ends, job.begun = nil, nil
keep(name, job)
return 1
