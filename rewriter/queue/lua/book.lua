-- Books what a call really cost. ARGV: process|id, micro-dollars.

book(ARGV[1], tonumber(ARGV[2]), now_ms())
if tonumber(ARGV[2]) > 0 then redis.call('DEL', key('probing')) end
