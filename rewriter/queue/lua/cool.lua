-- The provider asked for a pause. ARGV: when the refused call was admitted, in ms; the pause asked
-- for in ms, 0 for none. Calls admitted before the last pause began tell nothing new: one burst of
-- refusals is one pause. Returns 1 where this is a new one.

local QUIET_MS = 5000 -- a refusal sooner after a pause says that it was too short: double it
local LONGEST_MS = 60000
local SLOWEST = 0.5 -- calls a second to begin anew with, however slow it was
local now = now_ms()
local began = tonumber(redis.call('HGET', shared('cooled'), 'began') or 0)
if tonumber(ARGV[1]) <= began then return 0 end

local ended = tonumber(redis.call('HGET', shared('cooled'), 'until') or 0)
local times = now - ended < QUIET_MS and redis.call('HINCRBY', shared('cooled'), 'times', 1) or 1
local pause = tonumber(ARGV[2])
if pause == 0 then pause = math.min(500 * 2 ^ times, LONGEST_MS) end

-- The pace of the last minute's fastest five seconds: what was slower was it for other reasons, as
-- when workers start or have been killed. A refusal while the pace is held down is about that pace.
local rate = 0
for window = math.floor(now / 5000) - 11, math.floor(now / 5000) do
  rate = math.max(rate, (redis.call('HGET', shared('admitted'), window) or 0) / 5)
end
local held = redis.call('HGET', shared('cooled'), 'rate')
if held then rate = math.min(rate, held * 2 ^ math.min((now - ended) / 5000, 20)) end

redis.call('HSET', shared('cooled'), 'began', now, 'until', now + pause, 'times', times,
  'rate', math.max(rate / 2, SLOWEST))
redis.call('DEL', shared('arrival:ramp'))
return 1
