-- Returns a take as it stands, after what is asked for was done: whether its answer is streamed, when it was ended, its
-- refusal, whether it is closed, its age and its quiet in milliseconds, and its chunks from an index on; nil where there
-- is none.
-- KEYS: 1 state (hash), 2 chunks (list), 3 the user's open takes (sorted set: turn -> milliseconds when it is forgotten)
-- ARGV: 1 turn, 2 what is done first: "end", "close" or "read" (nothing), 3 the first chunk's index, 4 when it ended
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
if ARGV[2] == 'end' then
  redis.call('HSETNX', KEYS[1], 'endedAt', ARGV[4])
elseif ARGV[2] == 'close' then
  redis.call('HSET', KEYS[1], 'closed', '1')
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[1])
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'stream', 'endedAt', 'refusal', 'closed', 'began', 'grew')
return {state[1], state[2], state[3], state[4], now - state[5], now - state[6], redis.call('LRANGE', KEYS[2], ARGV[3], -1)}
