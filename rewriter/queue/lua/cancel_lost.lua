-- Cancels articles of a batch that are counted and have no message, since somebody has deleted it.
-- ARGV: batch. It looks at all messages. Returns the number cancelled.

local batch, now = ARGV[1], now_ms()
local lost = number_left(batch) + amount(batch, 'failed') + amount(batch, 'dead')
for _, id in ipairs(redis.call('HKEYS', key('messages'))) do
  if split(id) == batch then lost = lost - 1 end
end
if lost <= 0 then return 0 end
count(batch, 'cancelled', lost)
set(batch, 'ended_at', now)
note_if_over(batch, now)
return lost
