-- Forgets fields of a batch that nothing is left of. ARGV: batch, the ms since its end, then fields.
-- Returns false where the batch is not to be forgotten: it ended later, or has articles that are left
-- to do or may be requeued.

local batch = ARGV[1]
local last = math.max(amount(batch, 'last_submitted_at'), amount(batch, 'ended_at'))
if last > now_ms() - ARGV[2] or number_left(batch) + amount(batch, 'failed') + amount(batch, 'dead') > 0 then
  return false
end
for n = 3, #ARGV do
  for _, name in ipairs({'ended', 'targets', 'batch'}) do redis.call('HDEL', key(name), ARGV[n]) end
end
if not of(batch, 'submitted_at') then redis.call('ZREM', key('batches'), batch) end
return 1
