-- Begins a take, or finds it; returns whether it is new ("new", "known", or "full": the user has as many others as may
-- be), and how many chunks it has.
-- KEYS: 1 state (hash), 2 chunks (list), 3 the user's open takes (sorted set: turn -> milliseconds when it is forgotten)
-- ARGV: 1 turn, 2 "1" where the answer is streamed, 3 seconds that it is kept, 4 takes that a user may have open
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local is_new = redis.call('EXISTS', KEYS[1]) == 0
if is_new then
  redis.call('ZREM', KEYS[3], ARGV[1])
  if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4]) then return {'full', 0} end
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'stream', ARGV[2], 'bytes', 0, 'began', now, 'grew', now)
end
if redis.call('HEXISTS', KEYS[1], 'closed') == 0 then
  redis.call('HSET', KEYS[1], 'stream', ARGV[2])
  redis.call('ZADD', KEYS[3], now + ARGV[3] * 1000, ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
  redis.call('EXPIRE', KEYS[3], ARGV[3])
end
return {is_new and 'new' or 'known', redis.call('LLEN', KEYS[2])}
