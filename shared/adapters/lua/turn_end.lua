-- Ends a turn and tells who watches, unless it has ended; returns the answer that it ended with: the first counts.
-- KEYS: 1 state (hash: run, stop, answer), 2 said (list of JSON strings)
-- ARGV: 1 the answer as JSON, 2 seconds that it is kept, 3 channel, 4 the parcel's header
local state = redis.call('HMGET', KEYS[1], 'run', 'answer')
if state[2] then return state[2] end
local run = state[1] or '0'
redis.call('HSET', KEYS[1], 'run', run, 'answer', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4] .. '\n{"run":' .. run .. ',"answer":' .. ARGV[1] .. '}')
return ARGV[1]
