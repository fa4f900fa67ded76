-- Notes how far a job is. ARGV: job, claim, ms until its next step or the claim's end, 1 to
-- give the claim back, then fields and values. With the field `provider` its batch's time begins.
-- Returns 1, or false where the claim is lost.

local job, claim, ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
need('job', {job})
if not holds_step(job, claim) then return false end
local home, now = key('job', job), now_ms()
for n = 5, #ARGV, 2 do redis.call('HSET', home, ARGV[n], ARGV[n + 1]) end
if redis.call('HEXISTS', home, 'provider') == 1 then redis.call('HSETNX', home, 'sent', now) end
redis.call('ZADD', key('steps'), now + ms, job)
if ARGV[4] == '1' then
  redis.call('HDEL', home, 'until', 'begun')
else
  redis.call('HSET', home, 'until', now + ms)
end
return 1
