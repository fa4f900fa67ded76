-- Counts articles that ended while they were submitted. ARGV: batch, number skipped, then path,
-- message, reason for each that failed.

local batch, now = ARGV[1], now_ms()
count(batch, 'submitted', ARGV[2])
count(batch, 'skipped', ARGV[2])
for n = 3, #ARGV, 3 do
  if redis.call('HSETNX', key('messages', batch), ARGV[n], ARGV[n + 1]) == 1 then
    count(batch, 'submitted', 1)
    conclude(batch .. '/' .. ARGV[n], 'failed', ARGV[n + 2], now)
  end
end
