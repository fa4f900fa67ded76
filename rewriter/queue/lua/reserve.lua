-- Sets money aside for one call. ARGV: process|id, the reservation's number, which grows, batch,
-- micro-dollars, the day's budget in micro-dollars ('' for none). Returns 'ok'; 'wait' while calls in
-- flight may leave enough, 'jobs' while batches at the provider may, which takes hours; 'day' or
-- 'batch' where that budget is spent; 'late' to a command that was sent anew and is of no use by now;
-- 'cancelled' where the article was cancelled before the call was made, or the process was taken for
-- dead: another one has the article, and nobody would book what is set aside.
-- What is set aside for a job has the field job|<job> and the number of the claim.

-- A root that is silent for longer has no process. What it had set aside counts as spent, and for so
-- long at most: longer than a call takes, and longer than a batch at the provider.
local SILENT_MS = 60000
local CALLS_MS, JOBS_MS = 3600000, 48 * 3600000
local field, number, batch = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local cost, daily = tonumber(ARGV[4]), ARGV[5]
local now = now_ms()
local job = string.match(field, '^job|(.*)$')
if job and not claimed(job, ARGV[2]) then return 'late' end
local kept = redis.call('HGET', key('reserved'), field)
if kept then
  local its_number = tonumber(string.match(kept, '%d+$'))
  if its_number == number then return 'ok' end -- the answer was lost
  if its_number > number then return 'late' end
  -- Of an article's earlier call nobody has reported the end; a job's was never made.
  book(field, job and 0 or nil, now)
end

local process, id = string.match(field, '^([^|]*)|(.*)$')
local holder = string.match(redis.call('HGET', key('holds'), id) or '', '|(.*)$')
if not job and (is_cancelled(id) or holder ~= process) then return 'cancelled' end

local function judge(budget, spent, reserved, jobs, name)
  budget = tonumber(budget)
  if not budget or spent + reserved + cost <= budget then return 'ok' end
  if reserved > jobs and spent + jobs + cost <= budget then return 'wait' end
  return jobs > 0 and spent + cost <= budget and 'jobs' or name
end

local function whole(value) return tonumber(value or 0) end

-- What the roots have set aside of which a process was heard of that long ago.
local function of_roots(name, least, most)
  local sum, all = 0, redis.call('HGETALL', shared(name))
  for n = 1, #all, 2 do
    local heard = all[n] == ROOT and now or whole(redis.call('HGET', shared('heard'), all[n]))
    if heard > now then -- the clock was put back
      heard = now
      redis.call('HSET', shared('heard'), all[n], now)
    end
    if now - heard >= least and now - heard < most then sum = sum + all[n + 1] end
  end
  return sum
end

local jobs = of_roots('reserved_jobs', 0, JOBS_MS)
local lost = of_roots('reserved_calls', SILENT_MS, CALLS_MS)
local day = judge(daily, whole(redis.call('HGET', shared('spent'), today(now))) + lost,
  jobs + of_roots('reserved_calls', 0, SILENT_MS), jobs, 'day')
if day ~= 'ok' then return day end
local batch_says = judge(of(batch, 'budget') or '', amount(batch, 'spent'),
  amount(batch, 'reserved'), amount(batch, 'reserved_jobs'), 'batch')
if batch_says ~= 'ok' then return batch_says end

redis.call('HSET', key('reserved'), field, string.format('%d|%s|%d', cost, batch, number))
set_aside(field, batch, cost)
return 'ok'
