-- Shared by all scripts of this folder: put before each of them. An article's id is "<batch>/<row>";
-- a batch's name has no slash. The row is the article's path; where another app has called the task
-- it is "<path>//<call>", since a path has no empty part.

-- KEYS are the keys that a script may touch, the last two of ARGV what the keys of a content root
-- begin with, and those that all roots of a fleet share. A script that needs another key ends and
-- asks for it, and runs again: so it asks (need) before it writes what must not be written twice.
-- Keys of a wrong type, which somebody else has written, are found before it writes, too.
local FLEET, ROOT = table.remove(ARGV), table.remove(ARGV)
-- The keys of a root and of a fleet, then those that each batch, job or process has (keys.py).
local OF_ROOT = {'ready:high', 'ready:normal', 'batches', 'suspects', 'delayed', 'processes', 'steps',
  'untold:', 'busy', 'reserved', 'asked', 'isolating', 'awaiting_money', 'ticked_at', 'taken_over',
  'jobs_finished', 'probe'}
local OF_FLEET = {'settled', 'cooled', 'admitted', 'spent', 'window:requests', 'window:tokens', 'pause',
  'probing', 'reserved_total', 'reserved_jobs', 'jobs_finished', 'arrival:requests', 'arrival:tokens',
  'arrival:ramp', 'probe'}
local GROUPS = {
  batch = {'batch', 'messages', 'calls', 'ended', 'tries', 'targets', 'parked', 'jobs', 'awaiting'},
  job = {'job', 'lines'},
  process = {'holds', 'untold', 'tasks'},
}
local TYPES = { -- of all others than hashes
  list = {'ready', 'parked', 'tasks'},
  zset = {'batches', 'suspects', 'delayed', 'processes', 'steps', 'settled'},
  set = {'isolating', 'awaiting_money', 'jobs'},
  string = {'ticked_at', 'taken_over', 'jobs_finished', 'pause', 'probing', 'reserved_total',
    'reserved_jobs', 'arrival'},
  any = {'probe'},
}
local type_of, group_of, may_touch, sound, undeclared = {}, {}, {}, {}, {}
for kind, names in pairs(TYPES) do
  for _, name in ipairs(names) do type_of[name] = kind end
end
for group, names in pairs(GROUPS) do
  for _, name in ipairs(names) do group_of[name] = group end
end
for _, name in ipairs(KEYS) do may_touch[name] = true end

local commands = {} -- see together.lua
local COHORT_SHARE = 8 -- suspects are retried in groups an eighth as large as the one that was lost
local MOST_KILLS = 3
-- Suspects are retried in the order of the size of their groups, the smallest first. Those that killed
-- a process alone come last, so that the others do not wait for them.
local KILLED_ALONE = 1000000
local KEEP_ENDED_SECONDS = 30 * 24 * 3600
local MOST_JOB_TRIES = 3 -- batches of the provider that an article may be in without an answer
-- A job is closed when no question has come for so long, or so long after its first.
local QUIET_MS, FILLING_MS = 5000, 300000
local MOST_JOB_BYTES = 190000000 -- the provider takes files of 200 MB

-- Asks for the keys of a batch, a job or a process, where they are not named.
local function ask_one(group, owner)
  local names = GROUPS[group]
  if may_touch[ROOT .. names[1] .. ':' .. owner] then return end
  for _, name in ipairs(names) do undeclared[#undeclared + 1] = ROOT .. name .. ':' .. owner end
  if group == 'process' then -- what kombu keeps of its list
    local list = undeclared[#undeclared]
    undeclared[#undeclared + 1] = '_kombu.binding.' .. list
    undeclared[#undeclared + 1] = '_kombu.binding_permanent.' .. list
  end
end

-- As `ask_one`, of many at once.
local function ask(group, owners)
  for _, owner in ipairs(owners) do ask_one(group, owner) end
  if undeclared[1] then error(undeclared) end
end

-- The key `name`, which has its type or does not exist.
local function _typed(name, kind)
  if sound[name] then return name end
  local kept, wanted = redis.call('TYPE', name).ok, type_of[kind] or 'hash'
  if wanted ~= 'any' and kept ~= wanted and kept ~= 'none' then
    error({err = 'WRONGTYPE the key ' .. name .. ' holds a ' .. kept .. ' where the queue keeps a '
      .. wanted})
  end
  sound[name] = true
  return name
end

local function key(kind, owner)
  local name = owner and ROOT .. kind .. ':' .. owner or ROOT .. kind
  if not may_touch[name] then ask(group_of[kind], {owner}) end
  return _typed(name, kind)
end

local function shared(kind, name) return _typed(FLEET .. kind .. (name and ':' .. name or ''), kind) end

-- As `ask`, and looks at the types of all of them: before a script writes.
local function need(group, owners)
  ask(group, owners)
  for _, owner in ipairs(owners) do
    for _, kind in ipairs(GROUPS[group]) do key(kind, owner) end
  end
end

-- The words of an error that pcall has caught.
local function words_of(trouble)
  return type(trouble) == 'table' and trouble.err or tostring(trouble)
end

-- Looks at the keys of a root or a fleet, or asks for all of them.
local function _look_at(prefix, names)
  for _, name in ipairs(names) do
    if may_touch[prefix .. name] then
      _typed(prefix .. name, string.match(name, '^[^:]+'))
    else
      undeclared[#undeclared + 1] = prefix .. name
    end
  end
end

-- What a script answers, or the keys that it asks for.
local function _answer_of(script)
  local fine, answer = pcall(function()
    _look_at(ROOT, OF_ROOT)
    _look_at(FLEET, OF_FLEET)
    if undeclared[1] then error(undeclared) end
    return script(ARGV)
  end)
  if fine then return answer end
  if answer == undeclared then return {'undeclared', undeclared} end
  return {err = words_of(answer)}
end

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

-- Asks for the keys of the batches that the ids belong to.
local function need_batches(ids)
  local batches = {}
  for n, id in ipairs(ids) do batches[n] = split(id) end
  need('batch', batches)
end

local function path_of(row) return string.match(row, '^(.-)//') or row end

-- Whether an id is one of ours that has not ended yet.
local function is_known(id)
  local batch, path = split(id)
  return redis.call('HEXISTS', key('messages', batch), path) == 1
end

local function count(batch, field, amount)
  return redis.call('HINCRBY', key('batch', batch), field, amount)
end

local PRIORITIES = {'high', 'normal'} -- the most urgent first

local function ready_list(id)
  return key('ready', redis.call('HGET', key('batch', (split(id))), 'priority') or 'normal')
end

local function number_ready()
  local number = 0
  for _, priority in ipairs(PRIORITIES) do
    number = number + redis.call('LLEN', key('ready', priority))
  end
  return number
end

-- The id of the one article that tries, after a pause, whether its reason is gone; '' while none does.
-- It is forgotten after ten minutes: the workers of its root may never come back.
local function probe(id) redis.call('SET', shared('probing'), id, 'PX', 600000) end

-- A batch without articles that are left to do is kept for a while.
local function expire_if_ended(batch)
  if redis.call('HLEN', key('messages', batch)) > 0 then return end
  redis.call('DEL', key('tries', batch), key('parked', batch))
  redis.call('EXPIRE', key('batch', batch), KEEP_ENDED_SECONDS)
  redis.call('EXPIRE', key('ended', batch), KEEP_ENDED_SECONDS)
end

-- An end state, counted once. What may be requeued keeps its message. `ending` is the
-- JSON object that says more about it, `process` the one whose task reports it to the caller.
local function conclude(id, status, reason, now, ending, process)
  local batch, path = split(id)
  count(batch, status, 1)
  redis.call('HSET', key('batch', batch), 'ended_at', now)
  redis.call('HSET', key('ended', batch), path,
    ending or cjson.encode({outcome = status, reason = reason, at = now}))
  local call = redis.call('HGET', key('calls', batch), path)
  if call then
    redis.call('HDEL', key('calls', batch), path)
    redis.call('HSET', key('untold', process or ''), id, call)
  end
  redis.call('HDEL', key('tries', batch), 'delivery/' .. path, 'try/' .. path, 'kill/' .. path,
    'job/' .. path)
  if status ~= 'failed' and status ~= 'dead' then
    redis.call('HDEL', key('messages', batch), path)
  end
  expire_if_ended(batch)
end

-- Money that was set aside for a call whose end nobody reported is booked as spent: the provider
-- may have answered, and a budget is a promise. With a `number`, only that reservation is booked:
-- a report that was sent twice may arrive when the article has made the next one.
local function book(field, cost, now, number)
  local kept = redis.call('HGET', key('reserved'), field)
  if not kept then return end
  local reserved, batch, its_number = string.match(kept, '^(%d+)|([^|]*)|(%d+)$')
  if number and number ~= its_number then return end
  need('batch', {batch})
  redis.call('HDEL', key('reserved'), field)
  redis.call('DECRBY', shared('reserved_total'), reserved)
  count(batch, 'reserved', 0 - reserved) -- -reserved can be -0, which is no integer to Redis
  if string.sub(field, 1, 4) == 'job|' then
    redis.call('DECRBY', shared('reserved_jobs'), reserved)
    count(batch, 'reserved_jobs', 0 - reserved)
  end
  local spent = cost or tonumber(reserved)
  count(batch, 'spent', spent)
  redis.call('HINCRBY', shared('spent'), today(now), spent)
  redis.call('HDEL', shared('spent'), today(now) - 1)
  redis.call('EXPIRE', shared('spent'), 86400)
end

-- Deletes the list by which a process that has ended sent itself tasks.
local function forget_list(process)
  local list = key('tasks', process)
  redis.call('DEL', list, '_kombu.binding.' .. list, '_kombu.binding_permanent.' .. list)
end

-- Ends the hold of `process` on an article; false where it has none with this delivery number.
local function release(process, id, delivery, now)
  local held = redis.call('HGET', key('holds', process), id)
  if not held or (delivery and held ~= delivery) then return false end
  local batch, path = split(id)
  need('batch', {batch})
  redis.call('HDEL', key('holds', process), id)
  redis.call('HDEL', key('busy'), path_of(path))
  count(batch, 'running', -1)
  if redis.call('GET', shared('probing')) == ROOT .. id then probe('') end
  book(process .. '|' .. id, nil, now)
  return true
end

-- Puts an article into its list; false for an id that is none of ours, or has ended.
local function make_ready(id)
  return is_known(id) and redis.call('RPUSH', ready_list(id), id)
end

-- Adds an article to a batch. `call` is the task call that it came by, '' for none. False where
-- another article of the batch has the target; true as well where it is in the batch already.
local function add(batch, row, target, message, call)
  if redis.call('HEXISTS', key('messages', batch), row) == 1 then return true end
  redis.call('HSETNX', key('targets', batch), target, path_of(row))
  if redis.call('HGET', key('targets', batch), target) ~= path_of(row) then return false end
  redis.call('HSET', key('messages', batch), row, message)
  redis.call('HDEL', key('ended', batch), row)
  if call ~= '' then redis.call('HSET', key('calls', batch), row, call) end
  count(batch, 'submitted', 1)
  make_ready(batch .. '/' .. row)
  return true
end

-- Makes a batch known, where it is not.
local function open_batch(batch, priority, now)
  redis.call('ZADD', key('batches'), 'NX', now, batch)
  redis.call('HSETNX', key('batch', batch), 'submitted_at', now)
  redis.call('HSET', key('batch', batch), 'priority', priority) -- of what comes from now on
  redis.call('PERSIST', key('batch', batch))
  redis.call('PERSIST', key('ended', batch))
end

-- From now on an article is asked about directly, and takes the answer that is stored.
local function ask_directly(id)
  local batch, path = split(id)
  -- One that failed when it was submitted has no message, and one that was refused no readable one.
  local text = redis.call('HGET', key('messages', batch), path) or ''
  local readable, message = pcall(cjson.decode, text)
  if readable and type(message) == 'table' and message.api then
    message.api = nil
    redis.call('HSET', key('messages', batch), path, cjson.encode(message))
  end
  return make_ready(id)
end

-- The job that a question belongs into: the one that it is in already, for whatever article, the one
-- that its batch is filling, or a new one.
local function job_of(batch, digest, model, bytes)
  local home = key('batch', batch)
  local job = redis.call('HGET', key('asked'), digest)
  if not job then
    local number
    job, number = unpack(redis.call('HMGET', home, 'filling/' .. model, 'jobs'))
    if not job or redis.call('HGET', key('job', job), 'bytes') + bytes > MOST_JOB_BYTES then
      job = batch .. '/' .. redis.call('HGET', home, 'submitted_at') .. '-' .. (number or 0) + 1
    end
  end
  need('job', {job})
  return job
end

-- Puts an article's question into its job. `most` bounds a job's questions, which is not sent before
-- `from`.
local function defer(id, digest, model, bytes, most, from)
  local batch, path = split(id)
  local home = key('batch', batch)
  if redis.call('HGET', home, 'api') == 'direct' then return ask_directly(id) end
  local job = job_of(batch, digest, model, bytes)
  if redis.call('EXISTS', key('job', job)) == 0 then
    count(batch, 'jobs', 1)
    redis.call('HSET', key('job', job), 'batch', batch, 'model', model, 'since', from, 'bytes', 0)
    redis.call('SADD', key('jobs', batch), job)
    redis.call('HSET', home, 'filling/' .. model, job)
  end
  redis.call('HSET', key('awaiting', batch), path, digest)
  if redis.call('HSETNX', key('asked'), digest, job) == 1 then
    redis.call('HINCRBY', key('job', job), 'bytes', bytes)
  end
  local lines = key('lines', job)
  local line = redis.call('HGET', lines, digest)
  line = line and cjson.decode(line) or {bytes = bytes, ids = {}}
  line.ids[#line.ids + 1] = id
  redis.call('HSET', lines, digest, cjson.encode(line))
  if redis.call('HGET', home, 'filling/' .. model) == job then
    local since = redis.call('HGET', key('job', job), 'since')
    local due = math.min(from + QUIET_MS, since + FILLING_MS)
    most = math.min(most, tonumber(redis.call('HGET', home, 'job_most') or most))
    if redis.call('HLEN', lines) >= most then
      redis.call('HDEL', home, 'filling/' .. model)
      due = from
    end
    redis.call('ZADD', key('steps'), due, job)
  end
end

-- Whether the step in hand is still that of who claimed it by this number.
local function holds_step(job, claim)
  return redis.call('HGET', key('job', job), 'claim') == claim
end

-- Makes the next step of a job due now, unless a process makes it already.
local function make_due(job, now)
  local until_ms = redis.call('HGET', key('job', job), 'until')
  if not until_ms or tonumber(until_ms) < now then redis.call('ZADD', key('steps'), now, job) end
end
