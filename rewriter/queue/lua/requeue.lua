-- Lets a paused batch go on, and puts failed and dead articles back. ARGV: batch, budget in
-- micro-dollars and the API from now on (each '' as it is), then rows of parked, failed and dead
-- articles. Returns the number put back. A pause of all work ends as well: one article tries at once
-- whether its reason is gone (see pause.lua).

local batch, budget, api, now, requeued = ARGV[1], ARGV[2], ARGV[3], now_ms(), 0
if budget ~= '' then set(batch, 'budget', budget) end
if api ~= '' then set(batch, 'api', api) end
unset(batch, 'paused')
unset(batch, 'job_most')
redis.call('DEL', shared('pause'))

for _, name in ipairs(jobs_of(batch)) do
  if not redis.call('ZSCORE', key('steps'), name) then
    requeued = requeued + job_of(name).questions
  end
end
steer_jobs(batch, nil, now)

for n = 4, #ARGV do
  local id, put_back = batch .. '/' .. ARGV[n], nil
  local kept = redis.call('HGET', key('ended'), id)
  local outcome = kept and cjson.decode(kept).outcome
  if redis.call('ZSCORE', key('parked'), id) then
    put_back = make_ready(id)
    redis.call('ZREM', key('parked'), id)
  -- What failed when it was submitted has no message: only a new submission reads it again.
  elseif (outcome == 'failed' or outcome == 'dead') and redis.call('HGET', key('messages'), id) ~= ''
  then
    put_back = (api == 'direct' and ask_directly or make_ready)(id)
    redis.call('HDEL', key('ended'), id)
    count(batch, outcome, -1)
  end
  if put_back then requeued = requeued + 1 end
end
if number_left(batch) > 0 then unset(batch, 'cancelling') end
return requeued
