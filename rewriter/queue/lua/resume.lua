-- Lets a paused batch go on. ARGV: batch, budget in micro-dollars ('' as it is), the API from now
-- on ('' as it is). Returns the number of articles that waited.

local batch, now, resumed = ARGV[1], now_ms(), 0
local home = key('batch', batch)
if ARGV[2] ~= '' then redis.call('HSET', home, 'budget', ARGV[2]) end
if ARGV[3] ~= '' then redis.call('HSET', home, 'api', ARGV[3]) end
redis.call('HDEL', home, 'paused', 'cancelling', 'job_most')
local jobs = redis.call('SMEMBERS', key('jobs', batch))
need('job', jobs)
for _, job in ipairs(jobs) do
  if not redis.call('ZSCORE', key('steps'), job) then
    resumed = resumed + redis.call('HLEN', key('lines', job))
  end
  make_due(job, now)
end
while true do
  local id = redis.call('LPOP', key('parked', batch))
  if not id then return resumed end
  if make_ready(id) then resumed = resumed + 1 end
end
