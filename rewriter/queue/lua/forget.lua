-- Forgets a batch that has been over for long, or rows of one. ARGV: batch, then ids and targets, if
-- any. Without them all that is left is forgotten.

local batch, fields = ARGV[1], {}
if not redis.call('ZSCORE', key('over'), batch) then return end -- it was submitted to again
for n = 2, #ARGV do
  redis.call('HDEL', key('ended'), ARGV[n])
  redis.call('HDEL', key('targets'), ARGV[n])
end
if ARGV[2] then return end
for _, field in ipairs(redis.call('HKEYS', key('batch'))) do
  if split(field) == batch then fields[#fields + 1] = field end
end
redis.call('HDEL', key('batch'), batch, unpack(fields))
redis.call('ZREM', key('batches'), batch)
redis.call('ZREM', key('over'), batch)
