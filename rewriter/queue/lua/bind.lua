-- Binds a batch to the content root that it is submitted from. ARGV: batch, the root's id. Returns
-- the id of the root that it is bound to.

redis.call('HSETNX', key('batch', ARGV[1]), 'root', ARGV[2])
return redis.call('HGET', key('batch', ARGV[1]), 'root')
