-- Adds a chunk to a take; returns its fate ("taken", "early", "late", "large" or "unknown") and the next chunk's index.
-- KEYS: 1 state (hash), 2 chunks (list), 3 the user's open takes (sorted set: turn -> milliseconds when it is forgotten)
-- ARGV: 1 turn, 2 the chunk's index, 3 the chunk, 4 seconds that it is kept, 5 the most bytes, 6 the code of its refusal
local state = redis.call('HMGET', KEYS[1], 'bytes', 'endedAt', 'refusal', 'closed')
if not state[1] then return {'unknown', 0} end
local next = redis.call('LLEN', KEYS[2])
if state[3] then return {'large', next} end
if tonumber(ARGV[2]) < next then return {'taken', next} end
if state[2] or state[4] then return {'late', next} end
if tonumber(ARGV[2]) > next then return {'early', next} end
if tonumber(state[1]) + #ARGV[3] > tonumber(ARGV[5]) then
  redis.call('HSET', KEYS[1], 'refusal', ARGV[6])
  redis.call('DEL', KEYS[2])
  return {'large', next}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('RPUSH', KEYS[2], ARGV[3])
redis.call('HINCRBY', KEYS[1], 'bytes', #ARGV[3])
redis.call('HSET', KEYS[1], 'grew', now)
redis.call('ZADD', KEYS[3], now + ARGV[4] * 1000, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
redis.call('EXPIRE', KEYS[3], ARGV[4])
return {'taken', next + 1}
