-- Books what a call really cost. ARGV: process|id, micro-dollars.

book(ARGV[1], tonumber(ARGV[2]), now_ms())
