-- Shared by all scripts of this folder: put before each of them. An article's id is
-- "<batch>/<path>"; a batch's name has no slash.

local PREFIX = 'rewriter:'
local COMPANY_SHARE = 8 -- suspects run in an eighth of the company that they were lost in
local MOST_KILLS = 3
local KEEP_ENDED_SECONDS = 30 * 24 * 3600

local function key(...) return PREFIX .. table.concat({...}, ':') end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function today(now) return math.floor(now / 86400000) end

local function split(id)
  local slash = string.find(id, '/', 1, true)
  return string.sub(id, 1, slash - 1), string.sub(id, slash + 1)
end

local function count(batch, field, amount)
  return redis.call('HINCRBY', key('batch', batch), field, amount)
end

local function ready_list(batch)
  local priority = redis.call('HGET', key('batch', batch), 'priority') or 'normal'
  return key('ready', priority)
end

-- An end state, counted once. What may be requeued keeps its message and gets a reason.
local function conclude(id, status, reason, now)
  local batch, path = split(id)
  count(batch, status, 1)
  redis.call('HSET', key('batch', batch), 'ended_at', now)
  redis.call('HDEL', key('tries', batch), 'delivery/' .. path, 'try/' .. path, 'kill/' .. path)
  if status == 'failed' or status == 'dead' then
    redis.call('HSET', key('reasons', batch), path,
      cjson.encode({status = status, reason = reason, at = now}))
  else
    redis.call('HDEL', key('messages', batch), path)
  end
  if redis.call('HLEN', key('messages', batch)) == 0 then
    redis.call('DEL', key('tries', batch), key('parked', batch))
    redis.call('EXPIRE', key('batch', batch), KEEP_ENDED_SECONDS)
  end
end

-- Money that was set aside for a call whose end nobody reported is booked as spent: the provider
-- may have answered, and a budget is a promise.
local function book(field, cost, now)
  local kept = redis.call('HGET', key('reserved'), field)
  if not kept then return end
  local reserved, batch = string.match(kept, '^(%d+)|(.*)$')
  redis.call('HDEL', key('reserved'), field)
  redis.call('DECRBY', key('reserved_total'), reserved)
  count(batch, 'reserved', 0 - reserved) -- -reserved can be -0, which is no integer to Redis
  local spent = cost or tonumber(reserved)
  count(batch, 'spent', spent)
  redis.call('INCRBY', key('spent', today(now)), spent)
  redis.call('EXPIRE', key('spent', today(now)), 3 * 86400)
end

-- Ends the hold of `process` on an article; false where it has none with this delivery number.
local function release(process, id, delivery, now)
  local held = redis.call('HGET', key('holds', process), id)
  if not held or (delivery and held ~= delivery) then return false end
  local batch, path = split(id)
  redis.call('HDEL', key('holds', process), id)
  redis.call('HDEL', key('busy'), path)
  count(batch, 'running', -1)
  book(process .. '|' .. id, nil, now)
  return true
end
