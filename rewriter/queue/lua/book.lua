-- Books what a call really cost. ARGV: process|id, the reservation's number, micro-dollars.

book(ARGV[1], tonumber(ARGV[3]), now_ms(), ARGV[2])
