-- Ends a parcel of which no question is left: books what it cost. ARGV: parcel, claim, 1 where nobody
-- knows what it cost: then all counts that was set aside. Returns 1, or 0 where the claim is lost.
-- Articles that waited for the money it had set aside go on at the next tick of their workers.

local parcel, now = ARGV[1], now_ms()
if not holds_step(parcel, ARGV[2]) or redis.call('HLEN', key('lines', parcel)) > 0 then return 0 end
local home = key('parcel', parcel)
local cost = tonumber(redis.call('HGET', home, 'cost') or 0)
if ARGV[3] == '1' then cost = nil end
book('lane|' .. parcel, cost, now)
redis.call('SREM', key('parcels', (split(parcel))), parcel)
redis.call('ZREM', key('steps'), parcel)
redis.call('DEL', home, key('lines', parcel))
redis.call('INCR', shared('lanes_finished')) -- see tick.lua
return 1
