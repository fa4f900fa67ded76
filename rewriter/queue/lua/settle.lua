-- Corrects a call's tokens. ARGV: tokens a minute, tokens reserved, tokens used.

local SPREAD = 0.92 -- as in admit.lua
local interval = 60000 / (ARGV[1] * SPREAD)
local reserved = math.min(ARGV[2], ARGV[1])
local arrival = tonumber(redis.call('GET', key('arrival', 'tokens')) or 0)
redis.call('SET', key('arrival', 'tokens'),
  string.format('%.3f', arrival - (reserved - ARGV[3]) * interval), 'PX', 600000)
