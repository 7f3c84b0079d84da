-- Notes that a connection of a user entered or left a room; returns who is present where that changed, else nil.
-- KEYS: 1 presence (hash: connection -> user)   ARGV: 1 "enter" or "leave", 2 connection, 3 user, 4 seconds to keep
local function present()
  local users, seen = {}, {}
  for _, user in ipairs(redis.call('HVALS', KEYS[1])) do
    if not seen[user] then seen[user] = true; users[#users + 1] = user end
  end
  return users, seen
end
local _, before = present()
if ARGV[1] == 'enter' then
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
  redis.call('EXPIRE', KEYS[1], ARGV[4])
else
  redis.call('HDEL', KEYS[1], ARGV[2])
end
local users, after = present()
if (before[ARGV[3]] or false) == (after[ARGV[3]] or false) then return false end
return users
