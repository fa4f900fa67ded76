-- Corrects a call's tokens, once. ARGV: tokens a minute, tokens reserved, tokens used, when the call
-- was admitted in ms, the call's id. A correction that comes when nothing depends on it any more is
-- left out, so that the mark of one that was made need not be kept for ever.

local SPREAD = 0.92 -- as in admit.lua
local KEEP_MS = 600000 -- as long as the pace is kept there
local now = now_ms()
if ARGV[4] + KEEP_MS <= now then return end
redis.call('ZREMRANGEBYSCORE', shared('settled'), '-inf', now - KEEP_MS)
if redis.call('ZADD', shared('settled'), ARGV[4], ARGV[5]) == 0 then return end
redis.call('PEXPIRE', shared('settled'), KEEP_MS)

local interval = 60000 / (ARGV[1] * SPREAD)
local unused = math.min(ARGV[2], ARGV[1]) - ARGV[3]
local arrival = tonumber(redis.call('GET', shared('arrival:tokens')) or 0)
redis.call('SET', shared('arrival:tokens'),
  string.format('%.3f', arrival - unused * interval), 'PX', KEEP_MS)

local second = math.floor(ARGV[4] / 1000)
if redis.call('HEXISTS', shared('window:tokens'), second) == 1 then -- else it is over
  redis.call('HINCRBY', shared('window:tokens'), second, 0 - unused)
end
