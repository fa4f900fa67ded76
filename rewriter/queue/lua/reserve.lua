-- Sets money aside for one call. ARGV: process|id, batch, micro-dollars, the day's budget in
-- micro-dollars ('' for none). Returns 'ok'; 'wait' while calls in flight may leave enough, 'lane'
-- while batches at the provider may, which takes hours; 'day' or 'batch' where that budget is spent.
-- What is set aside for a parcel has the field lane|<parcel>.

local field, batch, cost, daily = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local now, home = now_ms(), key('batch', ARGV[2])

local function judge(budget, spent, reserved, lane, name)
  budget = tonumber(budget)
  if not budget or spent + reserved + cost <= budget then return 'ok' end
  if reserved > lane and spent + lane + cost <= budget then return 'wait' end
  return lane > 0 and spent + cost <= budget and 'lane' or name
end

local function number(value) return tonumber(value or 0) end

book(field, 0, now)
local day = judge(daily, number(redis.call('GET', key('spent', today(now)))),
  number(redis.call('GET', key('reserved_total'))),
  number(redis.call('GET', key('reserved_lane'))), 'day')
if day ~= 'ok' then return day end
local batch_says = judge(redis.call('HGET', home, 'budget') or '',
  number(redis.call('HGET', home, 'spent')), number(redis.call('HGET', home, 'reserved')),
  number(redis.call('HGET', home, 'reserved_lane')), 'batch')
if batch_says ~= 'ok' then return batch_says end

redis.call('HSET', key('reserved'), field, string.format('%d|%s', cost, batch))
redis.call('INCRBY', key('reserved_total'), cost)
count(batch, 'reserved', cost)
if string.sub(field, 1, 5) == 'lane|' then
  redis.call('INCRBY', key('reserved_lane'), cost)
  count(batch, 'reserved_lane', cost)
end
return 'ok'
