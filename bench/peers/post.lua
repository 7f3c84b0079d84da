-- What a message is given by the peers that promise as much as we do: a place in its room, once, kept and shown.
-- KEYS: 1 head of the room (hash), 2 its recent messages (zset: seq -> message), 3 the place of this request id
-- ARGV: 1 room, 2 message as JSON without its closing brace, 3 channel, or nothing where another shows it,
--       4 how many recent messages are kept, 5 seconds that ids are remembered and an idle room is kept
local known = redis.call('GET', KEYS[3])
if known then return {tonumber(known), 0} end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('SET', KEYS[3], seq, 'EX', ARGV[5])
local text = ARGV[2] .. ',"seq":' .. seq .. '}'
redis.call('ZADD', KEYS[2], seq, text)
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -tonumber(ARGV[4]) - 1)
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[1] .. '\n' .. text) end
return {seq, 1}
