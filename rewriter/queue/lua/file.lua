-- Files articles that other apps called the task for. ARGV: batch, priority, row, target, message,
-- call for each. Returns for each 'filed', 'collides' where another path has its target, or the JSON
-- object of how it ended: a message that comes a second time finds that.

local answers, now = {}, now_ms()
for n = 1, #ARGV, 6 do
  local batch, priority, row, target, message, call = unpack(ARGV, n, n + 5)
  local ended = redis.call('HGET', key('ended', batch), row)
  if not ended then
    open_batch(batch, priority, now)
    ended = add(batch, row, target, message, call) and 'filed' or 'collides'
    redis.call('EXPIRE', key('targets', batch), 3600)
  end
  answers[#answers + 1] = ended
end
return answers
