-- Pauses the whole queue. ARGV: reason, ms. Afterwards one article of the fleet at a time
-- is tried, until one ends: `probing` is its id, or empty. See exchange.lua.

redis.call('SET', shared('pause'), ARGV[1], 'PX', ARGV[2])
probe('')
