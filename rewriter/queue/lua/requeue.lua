-- Lets a paused batch go on, and puts failed and dead articles back. ARGV: batch, budget in
-- micro-dollars and the API from now on (each '' as it is), then rows. Returns the number put back.

local batch, budget, api, now, requeued = ARGV[1], ARGV[2], ARGV[3], now_ms(), 0
need('batch', {batch})
local home, jobs = key('batch', batch), redis.call('SMEMBERS', key('jobs', batch))
need('job', jobs)
if budget ~= '' then redis.call('HSET', home, 'budget', budget) end
if api ~= '' then redis.call('HSET', home, 'api', api) end
redis.call('HDEL', home, 'paused', 'cancelling', 'job_most')
redis.call('PERSIST', home)
redis.call('PERSIST', key('ended', batch))

for _, job in ipairs(jobs) do
  if not redis.call('ZSCORE', key('steps'), job) then
    requeued = requeued + redis.call('HLEN', key('lines', job))
  end
  make_due(job, now)
end

while true do
  local id = redis.call('LPOP', key('parked', batch))
  if not id then break end
  if make_ready(id) then requeued = requeued + 1 end
end

for n = 4, #ARGV do
  local row = ARGV[n]
  local kept = redis.call('HGET', key('ended', batch), row)
  local outcome = kept and cjson.decode(kept).outcome
  if outcome == 'failed' or outcome == 'dead' then
    count(batch, outcome, -1)
    redis.call('HDEL', key('ended', batch), row)
    local put_back = api == 'direct' and ask_directly or make_ready
    if put_back(batch .. '/' .. row) then requeued = requeued + 1 end
  end
end
return requeued
