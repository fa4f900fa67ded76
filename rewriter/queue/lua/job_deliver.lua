-- Says what became of questions of a job. ARGV: job, claim, most questions of a job, ms
-- until one is sent again, then one JSON list of {digest, fate, reason, micro-dollars, input tokens,
-- output tokens, 1 if unpriced}:
--   answered  the answer is stored: its articles go on
--   failed    for good, with the reason
--   again     sent again after a while, at most MOST_JOB_TRIES times in all
--   back      sent again, for a reason that is not its own
--   lost      the question is not kept any more: its articles are begun anew
-- Returns the digests that nobody waits for any more, or false where the claim is lost.

local job, most, delay, now = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), now_ms()
need('job', {job})
if not holds_step(job, ARGV[2]) then return false end
local home, lines = key('job', job), key('lines', job)
local owner, model = unpack(redis.call('HMGET', home, 'batch', 'model'))
need('batch', {owner})

local function finish(id, digest, fate, reason, bytes)
  local batch, path = split(id)
  if redis.call('HDEL', key('awaiting', batch), path) == 0 then return end
  if redis.call('HGET', key('batch', batch), 'cancelling') then
    return conclude(id, 'cancelled', '', now)
  end
  if fate == 'failed' then return conclude(id, 'failed', reason, now) end
  if fate == 'answered' or fate == 'lost' then return make_ready(id) end
  if fate == 'again'
    and redis.call('HINCRBY', key('tries', batch), 'job/' .. path, 1) >= MOST_JOB_TRIES then
    return conclude(id, 'dead', 'no answer in ' .. MOST_JOB_TRIES .. ' batches of the provider: '
      .. reason .. '; `rewriter requeue ' .. batch .. ' --api direct` asks at the full price', now)
  end
  defer(id, digest, model, bytes, most, fate == 'again' and now + delay or now)
end

local gone = {}
for _, one in ipairs(cjson.decode(ARGV[5])) do
  local digest = one[1]
  local line = redis.call('HGET', lines, digest)
  if line then
    line = cjson.decode(line)
    need_batches(line.ids)
    for _, id in ipairs(line.ids) do job_of((split(id)), '', model, line.bytes) end
    redis.call('HDEL', lines, digest)
    redis.call('HDEL', key('asked'), digest)
    redis.call('HINCRBY', home, 'cost', one[4])
    count(owner, 'input_tokens', one[5])
    count(owner, 'output_tokens', one[6])
    count(owner, 'unpriced', one[7])
    for _, id in ipairs(line.ids) do finish(id, digest, one[2], one[3], line.bytes) end
    if redis.call('HEXISTS', key('asked'), digest) == 0 then gone[#gone + 1] = digest end
  end
end
return gone
