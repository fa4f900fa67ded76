-- Corrects a call's tokens. ARGV: tokens a minute, tokens reserved, tokens used, when the call was
-- admitted in ms.

local SPREAD = 0.92 -- as in admit.lua
local interval = 60000 / (ARGV[1] * SPREAD)
local unused = math.min(ARGV[2], ARGV[1]) - ARGV[3]
local arrival = tonumber(redis.call('GET', key('arrival', 'tokens')) or 0)
redis.call('SET', key('arrival', 'tokens'),
  string.format('%.3f', arrival - unused * interval), 'PX', 600000)

local second = math.floor(ARGV[4] / 1000)
if redis.call('HEXISTS', key('window', 'tokens'), second) == 1 then -- else it is over
  redis.call('HINCRBY', key('window', 'tokens'), second, 0 - unused)
end
