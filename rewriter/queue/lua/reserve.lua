-- Sets money aside for one call. ARGV: process|id, batch, micro-dollars, the day's budget in
-- micro-dollars ('' for none). Returns 'ok'; 'wait' while calls in flight may leave enough; 'day'
-- or 'batch' where that budget is spent.

local field, batch, cost, daily = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local now, home = now_ms(), key('batch', ARGV[2])

local function judge(budget, spent, reserved, name)
  if not budget or budget == '' or spent + reserved + cost <= tonumber(budget) then return 'ok' end
  return reserved > 0 and spent + cost <= tonumber(budget) and 'wait' or name
end

local function number(value) return tonumber(value or 0) end

book(field, 0, now)
local day = judge(daily, number(redis.call('GET', key('spent', today(now)))),
  number(redis.call('GET', key('reserved_total'))), 'day')
if day ~= 'ok' then return day end
local batch_says = judge(redis.call('HGET', home, 'budget') or nil,
  number(redis.call('HGET', home, 'spent')), number(redis.call('HGET', home, 'reserved')), 'batch')
if batch_says ~= 'ok' then return batch_says end

redis.call('HSET', key('reserved'), field, string.format('%d|%s', cost, batch))
redis.call('INCRBY', key('reserved_total'), cost)
count(batch, 'reserved', cost)
return 'ok'
