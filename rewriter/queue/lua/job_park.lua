-- Pauses the batch of a job for a reason that needs a person. ARGV: job, claim, reason. The
-- job waits until the batch goes on. Returns 1, or false where the claim is lost.

local job = ARGV[1]
need_batches({job})
need('job', {job})
if not holds_step(job, ARGV[2]) then return false end
redis.call('HSET', key('batch', (split(job))), 'paused', ARGV[3])
redis.call('ZREM', key('steps'), job)
redis.call('HDEL', key('job', job), 'until', 'begun')
return 1
