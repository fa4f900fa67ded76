-- Adds articles to a batch. ARGV: batch, priority, budget in micro-dollars ('' for none), then
-- path, target, message for each. Returns the paths whose target another path of the batch has.

local batch, budget = ARGV[1], ARGV[3]
open_batch(batch, ARGV[2], now_ms())
if budget ~= '' then redis.call('HSET', key('batch', batch), 'budget', budget) end

local collisions = {}
for n = 4, #ARGV, 3 do
  if not add(batch, ARGV[n], ARGV[n + 1], ARGV[n + 2], '') then
    collisions[#collisions + 1] = ARGV[n]
  end
end
redis.call('EXPIRE', key('targets', batch), 3600)
return collisions
