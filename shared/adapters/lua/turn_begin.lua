-- Begins a run of a turn, drops what an earlier one said, and tells who watches; a turn that has ended stays as it is.
-- Returns the turn as it stands then: its run, "1" where a stop was asked, its answer, and what was said.
-- KEYS: 1 state (hash: run, stop, answer), 2 said (list of JSON strings)
-- ARGV: 1 seconds that it is kept, 2 channel, 3 the parcel's header
local state = redis.call('HMGET', KEYS[1], 'run', 'stop', 'answer')
if state[3] then return {state[1], state[2], state[3], redis.call('LRANGE', KEYS[2], 0, -1)} end
-- Numbered by the clock (microseconds): a run that begins after this server lost its memory is above those before.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local run = string.format('%.0f', math.max(now, tonumber(state[1] or '0') + 1))
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'run', run)
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3] .. '\n{"run":' .. run .. '}')
return {run, state[2], false, {}}
