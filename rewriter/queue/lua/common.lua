-- Put before all commands: one script holds them all. KEYS are all keys (keys.py). ARGV: one JSON list
-- of {command, argument, ...}, what the keys of a content root begin with, and what those begin with
-- that all roots of a fleet share.
local FLEET, ROOT = table.remove(ARGV), table.remove(ARGV)
local commands = {}

local COHORT_SHARE = 8 -- suspects are retried in groups an eighth as large as the one that was lost
local MOST_KILLS = 3
-- Suspects are retried in the order of the size of their groups, the smallest first. Those that killed
-- a process alone come last, so that the others do not wait for them.
local KILLED_ALONE = 1000000
local MOST_JOB_TRIES = 3 -- batches of the provider that an article may be in without an answer
-- A job is closed when no question has come for so long, or so long after its first.
local QUIET_MS, FILLING_MS = 5000, 300000
-- Whoever makes a step and notes nothing for so long has lost it: longer than a file may take to the
-- provider or back (1800 s). The step of a lost process is due after CREATING_MS, longer than a call to
-- create a batch takes: who looks then whether it was created knows that it has been or never will be.
local LEASE_MS, CREATING_MS = 2700000, 30000
local MOST_JOB_BYTES = 190000000 -- the provider takes files of 200 MB
local ENDS = {'published', 'drafted', 'held', 'skipped', 'failed', 'dead', 'cancelled'}
local PRIORITIES = {'high', 'normal'} -- the most urgent first

local function key(name) return ROOT .. name end

local function shared(name) return FLEET .. name end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function today(now) return math.floor(now / 86400000) end

-- Of what is no id, which somebody else has put into Redis, the batch is '': there is none of it.
local function split(id)
  local batch, path = string.match(id, '^(%w[%w._-]*)/(.+)$')
  return batch or '', path or id
end

-- The article that an id is about; several calls of other apps may be about one.
local function path_of(id)
  local _, row = split(id)
  return string.match(row, '^(.-)//') or row
end

-- An option or a counter of a batch.
local function of(batch, name) return redis.call('HGET', key('batch'), batch .. '/' .. name) end

local function amount(batch, name) return tonumber(of(batch, name) or 0) end

local function set(batch, name, value) redis.call('HSET', key('batch'), batch .. '/' .. name, value) end

local function unset(batch, name) redis.call('HDEL', key('batch'), batch .. '/' .. name) end

local function count(batch, name, by)
  return redis.call('HINCRBY', key('batch'), batch .. '/' .. name, by)
end

-- Whether an id is one of ours: what has failed or is dead has its message still.
local function is_known(id) return redis.call('HEXISTS', key('messages'), id) == 1 end

local function has_ended(id) return redis.call('HEXISTS', key('ended'), id) == 1 end

local function ready_list(id)
  return key('ready:' .. (of((split(id)), 'priority') or 'normal'))
end

local function number_ready()
  return redis.call('LLEN', key('ready:high')) + redis.call('LLEN', key('ready:normal'))
end

-- Whether an article is not to be worked on any more. A mark of its own outlives its batch's: that goes
-- when other articles are submitted to the batch again.
local function is_cancelled(id)
  return of((split(id)), 'cancelling') or redis.call('HGET', key('tries'), 'cancel/' .. id)
end

-- The id of the one article that tries, after a pause, whether its reason is gone; '' while none does.
-- It is forgotten after ten minutes: the workers of its root may never come back.
local function probe(id) redis.call('SET', shared('probing'), id, 'PX', 600000) end

local function number_left(batch)
  local names, left = {}, amount(batch, 'submitted')
  for n, outcome in ipairs(ENDS) do names[n] = batch .. '/' .. outcome end
  local ended = redis.call('HMGET', key('batch'), unpack(names))
  for n = 1, #ENDS do left = left - (ended[n] or 0) end
  return left
end

-- An end state, counted once. What may be requeued keeps its message. `ending` is the
-- JSON object that says more about it, `process` the one whose task reports it to the caller.
local function conclude(id, status, reason, now, ending, process)
  local batch = split(id)
  count(batch, status, 1)
  set(batch, 'ended_at', now)
  redis.call('HSET', key('ended'), id,
    ending or cjson.encode({outcome = status, reason = reason, at = now}))
  local call = redis.call('HGET', key('calls'), id)
  if call then
    redis.call('HDEL', key('calls'), id)
    redis.call('HSET', key(process and 'telling' or 'untold'), id,
      process and process .. '|' .. call or call)
  end
  redis.call('HDEL', key('tries'), 'delivery/' .. id, 'try/' .. id, 'kill/' .. id, 'job/' .. id,
    'cancel/' .. id)
  if status ~= 'failed' and status ~= 'dead' then redis.call('HDEL', key('messages'), id) end
end

-- Counts money that is set aside, for a job or a call, in its batch and in the fleet.
local function set_aside(field, batch, by)
  local is_job = string.sub(field, 1, 4) == 'job|'
  redis.call('HINCRBY', shared(is_job and 'reserved_jobs' or 'reserved_calls'), ROOT, by)
  count(batch, 'reserved', by)
  if is_job then count(batch, 'reserved_jobs', by) end
end

-- Money that was set aside for a call whose end nobody reported is booked as spent: the provider
-- may have answered, and a budget is a promise. With a `number`, only that reservation is booked:
-- a report that was sent twice may arrive when the article has made the next one.
local function book(field, cost, now, number)
  local kept = redis.call('HGET', key('reserved'), field)
  if not kept then return end
  local reserved, batch, its_number = string.match(kept, '^(%d+)|([^|]*)|(%d+)$')
  if number and number ~= its_number then return end
  redis.call('HDEL', key('reserved'), field)
  set_aside(field, batch, 0 - reserved) -- -reserved can be -0, which is no integer to Redis
  local spent = cost or tonumber(reserved)
  count(batch, 'spent', spent)
  redis.call('HINCRBY', shared('spent'), today(now), spent)
  redis.call('HDEL', shared('spent'), today(now) - 2) -- yesterday: the clock may be put back
  redis.call('EXPIRE', shared('spent'), 2 * 86400)
end

-- Whether `process` holds an article, by this delivery number where one is given.
local function holds(process, id, delivery)
  local number, holder = string.match(redis.call('HGET', key('holds'), id) or '', '^(%d+)|(.*)$')
  return holder == process and (not delivery or number == delivery)
end

-- Ends the hold of `process` on an article; false where it has none with this delivery number.
local function release(process, id, delivery, now)
  if not holds(process, id, delivery) then return false end
  redis.call('HDEL', key('holds'), id)
  redis.call('HDEL', key('busy'), path_of(id))
  count((split(id)), 'running', -1)
  if redis.call('GET', shared('probing')) == ROOT .. id then probe('') end
  book(process .. '|' .. id, nil, now)
  return true
end

-- The ids that any of some processes holds; `lost` has their names as keys.
local function held_by(processes)
  local found, all = {}, redis.call('HGETALL', key('holds'))
  for n = 1, #all, 2 do
    local holder = string.match(all[n + 1], '|(.*)$')
    if processes[holder] then found[#found + 1] = {id = all[n], process = holder} end
  end
  return found
end

-- Puts an article into its list.
local function make_ready(id) return redis.call('RPUSH', ready_list(id), id) end

-- Counts an article that comes to a batch; one that has ended in it and comes again counts once.
local function enter(batch, id)
  local ended = redis.call('HGET', key('ended'), id)
  redis.call('HDEL', key('ended'), id)
  if ended then count(batch, cjson.decode(ended).outcome, -1) else count(batch, 'submitted', 1) end
end

-- Adds an article to a batch. `call` is the task call that it came by, '' for none. False where
-- another article of the batch has the target; true as well where it is in the batch already. What
-- has ended, well or not, is to be done again.
local function add(batch, row, target, message, call)
  local id, place = batch .. '/' .. row, batch .. '/' .. target
  if is_known(id) and not has_ended(id) then return true end
  redis.call('HSETNX', key('targets'), place, path_of(id))
  redis.call('EXPIRE', key('targets'), 3600)
  if redis.call('HGET', key('targets'), place) ~= path_of(id) then return false end
  redis.call('HSET', key('messages'), id, message)
  if call ~= '' then redis.call('HSET', key('calls'), id, call) end
  enter(batch, id)
  make_ready(id)
  return true
end

-- Makes a batch known, where it is not.
local function open_batch(batch, priority, now)
  redis.call('ZADD', key('batches'), 'NX', now, batch)
  redis.call('HSETNX', key('batch'), batch .. '/submitted_at', now)
  set(batch, 'last_submitted_at', now)
  set(batch, 'priority', priority) -- of what comes from now on
end

-- From now on an article is asked about directly, and takes the answer that is stored.
local function ask_directly(id)
  -- One that failed when it was submitted has no message, and one that was refused no readable one.
  local text = redis.call('HGET', key('messages'), id) or ''
  local readable, message = pcall(cjson.decode, text)
  if readable and type(message) == 'table' and message.api then
    message.api = nil
    redis.call('HSET', key('messages'), id, cjson.encode(message))
  end
  return make_ready(id)
end

-- A job of the batch API: its batch and model, the number of its claim, since when it is filled, how
-- many questions it has and of how many bytes, the provider's ids and counts, and what it cost.
local function job_of(name)
  local kept = redis.call('HGET', key('jobs'), name)
  return kept and cjson.decode(kept)
end

local function keep(name, job) redis.call('HSET', key('jobs'), name, cjson.encode(job)) end

-- A job whose step in hand is still that of who claimed it by this number; nil otherwise.
local function claimed(name, claim)
  local job = job_of(name)
  return job and tostring(job.claim) == claim and job or nil
end

-- Keeps a job, and its step for who makes it now: nobody else begins it in the next `lease` ms.
local function hold(name, job, now, lease)
  job.lease_ends = now + (lease or LEASE_MS)
  redis.call('ZADD', key('steps'), job.lease_ends, name)
  keep(name, job)
end

-- The names of a batch's jobs.
local function jobs_of(batch)
  local found = {}
  for _, name in ipairs(redis.call('HKEYS', key('jobs'))) do
    if split(name) == batch then found[#found + 1] = name end
  end
  return found
end

-- Makes the next step of a job due now, unless a process makes it already.
local function make_due(name, now)
  local job = job_of(name)
  if (job.lease_ends or 0) < now then redis.call('ZADD', key('steps'), now, name) end
end

-- Cancels the jobs of a batch at the provider, or lets them go on; their next steps are due.
local function steer_jobs(batch, cancelling, now)
  for _, name in ipairs(jobs_of(batch)) do
    local job = job_of(name)
    job.cancelling = cancelling
    keep(name, job)
    make_due(name, now)
  end
end

-- The article awaits no answer any more; false where it did not.
local function awaits_no_more(id)
  if redis.call('HDEL', key('awaiting'), id) == 0 then return false end
  count((split(id)), 'awaiting', -1)
  return true
end

-- Puts an article's question into a job: the one that it is in already, for whatever article, the one
-- that its batch is filling, or a new one. `most` bounds a job's questions, which is not sent before
-- `from`.
local function defer(id, digest, model, bytes, most, from)
  local batch = split(id)
  if of(batch, 'api') == 'direct' then return ask_directly(id) end
  local kept, filling = redis.call('HGET', key('questions'), digest), 'filling/' .. model
  local question = kept and cjson.decode(kept) or {bytes = bytes, ids = {}}
  local name = question.job or of(batch, filling)
  local job = name and job_of(name)
  if not question.job then
    if not job or job.bytes + bytes > MOST_JOB_BYTES then
      name = batch .. '/' .. of(batch, 'submitted_at') .. '-' .. count(batch, 'jobs', 1)
      job = {batch = batch, model = model, since = from, bytes = 0, questions = 0, claim = 0}
      set(batch, filling, name)
    end
    question.job, job.bytes, job.questions = name, job.bytes + bytes, job.questions + 1
    keep(name, job)
  end
  question.ids[#question.ids + 1] = id
  redis.call('HSET', key('questions'), digest, cjson.encode(question))
  redis.call('HSET', key('awaiting'), id, digest)
  count(batch, 'awaiting', 1)
  if of(batch, filling) == name then
    local due = math.min(from + QUIET_MS, job.since + FILLING_MS)
    if job.questions >= math.min(most, tonumber(of(batch, 'job_most') or most)) then
      unset(batch, filling)
      due = from
    end
    redis.call('ZADD', key('steps'), due, name)
  end
end
