-- How many of a line of calls may be made now. ARGV: requests a minute ('' for no limit), tokens a
-- minute, then each call's tokens. Returns {number of calls, from the first on; ms to wait for the
-- next one, 0 where all may be made; now in ms}. Calls that may be made are counted.
--
-- Each limit is a generic cell rate algorithm (ITU-T I.371): one key holds the "theoretical arrival
-- time", up to which the limit is used. Of a minute's amount 3 % may come at once and 92 % are
-- spread evenly: in no window of a minute more than 95 % begin, and the rest makes up for calls
-- that took longer to reach the provider than others.

local BURST, SPREAD = 0.03, 0.92
local RAMP_TOLERANCE_MS = 200 -- processes ask about this often
local now = now_ms()
local cooled = redis.call('HGETALL', key('cooled'))
local cool = {}
for n = 1, #cooled, 2 do cool[cooled[n]] = tonumber(cooled[n + 1]) end

local admitted = {}

local function wait_for(name, amount, interval, tolerance)
  local arrival = math.max(tonumber(redis.call('GET', key('arrival', name)) or 0), now)
  admitted[name] = arrival + amount * interval
  return math.max(0, admitted[name] - now - tolerance)
end

local function limit(name, per_minute, amount)
  if per_minute == '' then return 0 end
  local interval = 60000 / (per_minute * SPREAD)
  amount = math.min(amount, per_minute)
  return wait_for(name, amount, interval, math.max(per_minute * BURST, amount) * interval)
end

local function ask(tokens)
  local wait = math.max((cool['until'] or 0) - now, 0)
  if wait > 0 then return wait end
  wait = math.max(limit('requests', ARGV[1], 1), limit('tokens', ARGV[2], tokens))
  if cool['until'] then
    -- From half the rate at which the provider objected, twice as fast every five seconds.
    local rate = cool['rate'] * 2 ^ math.min((now - cool['until']) / 5000, 20)
    wait = math.max(wait, wait_for('ramp', 1, 1000 / rate, math.max(RAMP_TOLERANCE_MS, 1000 / rate)))
  end
  return wait
end

local calls, wait = 0, 0
for n = 3, #ARGV do
  wait = ask(tonumber(ARGV[n]))
  if wait >= 1 then break end -- less is a rounding error
  wait = 0
  for name, arrival in pairs(admitted) do
    redis.call('SET', key('arrival', name), string.format('%.3f', arrival), 'PX', 600000)
  end
  calls = calls + 1
end
if calls > 0 then
  local window = key('admitted', math.floor(now / 10000))
  redis.call('INCRBY', window, calls)
  redis.call('EXPIRE', window, 30)
end
return {calls, math.ceil(wait), now}
