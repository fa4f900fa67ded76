-- Adds articles to a batch. ARGV: batch, priority, budget in micro-dollars ('' for none), number
-- skipped, then path, target, message for each article, or path, '', reason for one that failed.
-- Returns {path, reason} for each article whose target another path of the batch has: it fails.

local batch, budget, skipped, now = ARGV[1], ARGV[3], ARGV[4], now_ms()
open_batch(batch, ARGV[2], now)
if budget ~= '' then set(batch, 'budget', budget) end
count(batch, 'submitted', skipped)
count(batch, 'skipped', skipped)

local function fail(path, reason)
  local id = batch .. '/' .. path
  if is_known(id) and not has_ended(id) then return end
  redis.call('HSETNX', key('messages'), id, '')
  enter(batch, id)
  conclude(id, 'failed', reason, now)
end

local collisions = {}
for n = 5, #ARGV, 3 do
  local path, target, message = ARGV[n], ARGV[n + 1], ARGV[n + 2]
  redis.call('HDEL', key('tries'), 'cancel/' .. batch .. '/' .. path)
  if target == '' then
    fail(path, message)
  elseif not add(batch, path, target, message, '') then
    local reason = 'another article of this batch would be written to ' .. target
      .. ' too: rename one'
    fail(path, reason)
    collisions[#collisions + 1] = {path, reason}
  end
end
return collisions
