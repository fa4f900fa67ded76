-- Pauses the whole queue. ARGV: reason, ms. Afterwards articles go one at a time until one
-- ends; see exchange.lua.

redis.call('SET', key('pause'), ARGV[1], 'PX', ARGV[2])
redis.call('SET', key('probing'), 1)
