-- Hands a step of the batch API that is due to a process (ARGV: its name). Returns {job, a JSON object
-- of its fields}, or {} where none is due. Among the fields are the number of the claim, which fences
-- all that is done by it, and the age in seconds of the batch at the provider, where there is one.

local now, PAUSE_MS = now_ms(), 5000

for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('steps'), '-inf', now, 'LIMIT', 0, 1000)) do
  local job = job_of(name)
  local batch = job.batch
  local cancelling = job.cancelling or of(batch, 'cancelling')
  local called_off = cancelling or of(batch, 'api') == 'direct'
  local is_held_back = not job.provider and not called_off
  if is_held_back and of(batch, 'paused') then
    redis.call('ZREM', key('steps'), name) -- until the batch goes on
  elseif is_held_back and redis.call('EXISTS', shared('pause')) == 1 then
    redis.call('ZADD', key('steps'), now + PAUSE_MS, name)
  else
    if of(batch, 'filling/' .. job.model) == name then unset(batch, 'filling/' .. job.model) end
    job.claim, job.begun, job.process = job.claim + 1, (job.begun or 0) + 1, ARGV[1]
    hold(name, job, now)
    job.claim = tostring(job.claim)
    job.age = job.sent and (now - job.sent) / 1000
    job.cancelling, job.called_off = cancelling and true, called_off and true
    return {name, cjson.encode(job)}
  end
end
return {}
