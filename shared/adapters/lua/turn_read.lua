-- Returns a turn as it stands: its run, "1" where a stop was asked, its answer, and what was said; nil where it is not known.
-- KEYS: 1 state (hash: run, stop, answer), 2 said (list of JSON strings)
-- ARGV: 1 what is done first: "open" (begin to log it), "stop" (note that a stop was asked) or "read" (nothing),
--       2 seconds that it is kept
local is_new = redis.call('EXISTS', KEYS[1]) == 0
if is_new and ARGV[1] ~= 'open' then return false end
if is_new then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'run', '0')
  redis.call('EXPIRE', KEYS[1], ARGV[2])
elseif ARGV[1] == 'stop' and redis.call('HEXISTS', KEYS[1], 'answer') == 0 then
  redis.call('HSET', KEYS[1], 'stop', '1')
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
local state = redis.call('HMGET', KEYS[1], 'run', 'stop', 'answer')
return {state[1], state[2], state[3], redis.call('LRANGE', KEYS[2], 0, -1)}
