-- Tries, with a key of its own, what the other scripts do, so that a Redis that cannot write or
-- refuses its user is known before anything is queued.

for _, name in ipairs({ROOT .. 'probe', FLEET .. 'probe'}) do
  redis.call('HSET', name, 'field', 1) -- the first: once a script has written, a full Redis lets it
  redis.call('TIME')
  redis.call('HINCRBY', name, 'field', 1)
  redis.call('HGETALL', name)
  redis.call('EXPIRE', name, 60)
  redis.call('DEL', name)
  redis.call('ZADD', name, 1, 'member')
  redis.call('ZRANGEBYSCORE', name, '-inf', 1)
  redis.call('DEL', name)
  redis.call('SADD', name, 'member')
  redis.call('SMEMBERS', name)
  redis.call('DEL', name)
  redis.call('RPUSH', name, 'member')
  redis.call('LINDEX', name, 0)
  redis.call('LPOP', name)
  redis.call('SET', name, 1, 'PX', 1000)
  redis.call('INCRBY', name, 1)
  redis.call('DEL', name)
end
return 1
