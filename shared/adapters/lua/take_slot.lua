-- Takes one of so many places, where one is free, and notes the process that asks.
-- Returns whether it was taken, and how many processes have asked of late.
-- KEYS: 1 places (sorted set: holder -> end of its lease), 2 processes (sorted set: process -> last asked)
-- ARGV: 1 holder, 2 process, 3 places, 4 milliseconds of a lease, 5 milliseconds after which a process is forgotten
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[5])
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local processes = redis.call('ZCARD', KEYS[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return {0, processes} end
redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
-- Leases differ: the set lives as long as its longest one.
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return {1, processes}
