-- Pauses the batch of a parcel for a reason that needs a person. ARGV: parcel, claim, reason. The
-- parcel waits until the batch goes on. Returns 1, or 0 where the claim is lost.

local parcel = ARGV[1]
if not holds_step(parcel, ARGV[2]) then return 0 end
redis.call('HSET', key('batch', (split(parcel))), 'paused', ARGV[3])
redis.call('ZREM', key('steps'), parcel)
redis.call('HDEL', key('parcel', parcel), 'until', 'begun')
return 1
