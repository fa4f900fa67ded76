-- Says what became of questions of a job. ARGV: job, claim, most questions of a job, ms
-- until one is sent again, then one JSON list of {digest, fate, reason, micro-dollars, input tokens,
-- output tokens, 1 if unpriced}:
--   answered  the answer is stored: its articles go on
--   failed    for good, with the reason
--   again     sent again after a while, at most MOST_JOB_TRIES times in all
--   back      sent again, for a reason that is not its own
--   lost      the question is not kept any more: its articles are begun anew
-- Returns the digests that nobody waits for any more, or false where the claim is lost.

local name, most, delay, now = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), now_ms()
local job = claimed(name, ARGV[2])
if not job then return false end

local function finish(id, digest, fate, reason, bytes)
  if not awaits_no_more(id) then return end
  local batch = split(id)
  if is_cancelled(id) then return conclude(id, 'cancelled', '', now) end
  if fate == 'failed' then return conclude(id, 'failed', reason, now) end
  if fate == 'answered' or fate == 'lost' then return make_ready(id) end
  if fate == 'again' and redis.call('HINCRBY', key('tries'), 'job/' .. id, 1) >= MOST_JOB_TRIES then
    return conclude(id, 'dead', 'no answer in ' .. MOST_JOB_TRIES .. ' batches of the provider: '
      .. reason .. '; `rewriter requeue ' .. batch .. ' --api direct` asks at the full price', now)
  end
  defer(id, digest, job.model, bytes, most, fate == 'again' and now + delay or now)
end

local gone = {}
for _, one in ipairs(cjson.decode(ARGV[5])) do
  local digest = one[1]
  local kept = redis.call('HGET', key('questions'), digest)
  local question = kept and cjson.decode(kept)
  if question and question.job == name then
    redis.call('HDEL', key('questions'), digest)
    job.questions, job.cost = job.questions - 1, (job.cost or 0) + one[4]
    count(job.batch, 'input_tokens', one[5])
    count(job.batch, 'output_tokens', one[6])
    count(job.batch, 'unpriced', one[7])
    for _, id in ipairs(question.ids) do finish(id, digest, one[2], one[3], question.bytes) end
    if redis.call('HEXISTS', key('questions'), digest) == 0 then gone[#gone + 1] = digest end
  end
end
hold(name, job, now)
return gone
