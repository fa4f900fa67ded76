-- How many of a line of calls may be made now. ARGV: requests a minute ('' for no limit), tokens a
-- minute, how many of the calls are urgent (they come first), then each call's tokens. Returns {number
-- of calls, from the first on; ms to wait for the next one, 0 where all may be made; now in ms}. Calls
-- that may be made are counted.
--
-- Two things hold for each limit.
--   The pace, a generic cell rate algorithm (ITU-T I.371): one key holds the "theoretical arrival
--   time", up to which the limit is used. Of a minute's amount 3 % may come at once and 92 % are
--   spread evenly. Urgent calls do not wait for the pace, and those after them wait longer.
--   The window: in WINDOW_SECONDS no more than a minute's amount is admitted, whatever the sizes of
--   the calls (the pace lets pass 92 % and one whole call). It is longer than a minute because the
--   provider counts calls where they arrive, some later after their admission than others: a second
--   is for the way to the provider (fleet_rate_limiter.py has the way from here to the process), a
--   second for what a process still does before it sends, and one because whole seconds are counted.
--   The pace alone fills it to 99.6 %.

local BURST, SPREAD = 0.03, 0.92
local WINDOW_SECONDS = 63
-- Calls wait for so long at most: a pace is a minute's, urgent calls add some minutes.
local LONGEST_PACE_MS = 600000
local RAMP_TOLERANCE_MS = 200 -- processes ask about this often
local now = now_ms()
local cooled = redis.call('HGETALL', shared('cooled'))
local cool = {}
for n = 1, #cooled, 2 do cool[cooled[n]] = tonumber(cooled[n + 1]) end
if (cool['began'] or 0) > now then -- the clock was put back
  cool['until'], cool['began'] = now, now
  redis.call('HSET', shared('cooled'), 'until', now, 'began', now)
end

local admitted, windows = {}, {}

local function wait_for(name, amount, interval, tolerance)
  local arrival = math.max(tonumber(redis.call('GET', shared('arrival:' .. name)) or 0), now)
  if arrival > now + LONGEST_PACE_MS then arrival = now end -- the clock was put back
  admitted[name] = arrival + amount * interval
  return math.max(0, admitted[name] - now - tolerance)
end

-- What was admitted in the window, and what is added to it now.
local function window_of(name)
  local window = {sum = 0, added = 0}
  local seconds = redis.call('HGETALL', shared('window:' .. name))
  for n = 1, #seconds, 2 do
    if seconds[n] - 1 > now / 1000 then -- the clock was put back: they count from now on
      redis.call('HDEL', shared('window:' .. name), seconds[n])
      redis.call('HINCRBY', shared('window:' .. name), math.floor(now / 1000), seconds[n + 1])
      window.sum = window.sum + seconds[n + 1]
    elseif seconds[n] + WINDOW_SECONDS <= now / 1000 then
      redis.call('HDEL', shared('window:' .. name), seconds[n])
    else
      window.sum = window.sum + seconds[n + 1]
    end
  end
  windows[name] = window
  return window
end

local function wait_for_window(name, per_minute, amount)
  local window = windows[name] or window_of(name)
  window.asked = amount
  return window.sum + window.added + amount > per_minute and 1000 - now % 1000 or 0
end

local function limit(name, per_minute, amount, urgent)
  if per_minute == '' then return 0 end
  per_minute = tonumber(per_minute)
  local interval = 60000 / (per_minute * SPREAD)
  amount = math.min(amount, per_minute)
  local pace = wait_for(name, amount, interval, math.max(per_minute * BURST, amount) * interval)
  return math.max(urgent and 0 or pace, wait_for_window(name, per_minute, amount))
end

local function ask(tokens, urgent)
  local wait = math.max((cool['until'] or 0) - now, 0)
  if wait > 0 then return wait end
  wait = math.max(limit('requests', ARGV[1], 1, urgent), limit('tokens', ARGV[2], tokens, urgent))
  if cool['until'] then
    -- From half the rate at which the provider objected, twice as fast every five seconds.
    local rate = cool['rate'] * 2 ^ math.min((now - cool['until']) / 5000, 20)
    wait = math.max(wait, wait_for('ramp', 1, 1000 / rate, math.max(RAMP_TOLERANCE_MS, 1000 / rate)))
  end
  return wait
end

local calls, wait = 0, 0
for n = 4, #ARGV do
  wait = ask(tonumber(ARGV[n]), n - 3 <= tonumber(ARGV[3]))
  if wait >= 1 then break end -- less is a rounding error
  wait = 0
  for name, arrival in pairs(admitted) do
    redis.call('SET', shared('arrival:' .. name), string.format('%.3f', arrival), 'PX', 600000)
  end
  for _, window in pairs(windows) do window.added = window.added + window.asked end
  calls = calls + 1
end
if calls > 0 then
  for name, window in pairs(windows) do
    redis.call('HINCRBY', shared('window:' .. name), math.floor(now / 1000), window.added)
    redis.call('EXPIRE', shared('window:' .. name), WINDOW_SECONDS)
  end
  local window = math.floor(now / 5000) -- see cool.lua
  if redis.call('HINCRBY', shared('admitted'), window, calls) == calls then
    for _, old in ipairs(redis.call('HKEYS', shared('admitted'))) do
      if tonumber(old) < window - 12 then redis.call('HDEL', shared('admitted'), old) end
    end
  end
  redis.call('EXPIRE', shared('admitted'), 70)
end
return {calls, math.ceil(wait), now}
