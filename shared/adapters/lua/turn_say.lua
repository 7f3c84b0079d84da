-- Logs what a run says and tells who watches; returns "on", "stopped" (a stop was asked) or "over" (ended, or a later run began).
-- Where this server lost its memory while the run spoke, nothing is logged or told: who watches has the beginning, who
-- comes now would take the rest for the whole, and both get the answer when the turn ends.
-- KEYS: 1 state (hash: run, stop, answer), 2 said (list of JSON strings)
-- ARGV: 1 run, 2 what it says as a JSON string, 3 seconds that it is kept, 4 channel, 5 the parcel's header
local state = redis.call('HMGET', KEYS[1], 'run', 'stop', 'answer')
if state[3] or tonumber(state[1] or '0') > tonumber(ARGV[1]) then return 'over' end
if state[2] then return 'stopped' end
if state[1] ~= ARGV[1] then return 'on' end
local index = redis.call('RPUSH', KEYS[2], ARGV[2]) - 1
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5] .. '\n{"run":' .. ARGV[1] .. ',"index":' .. index .. ',"delta":' .. ARGV[2] .. '}')
return 'on'
