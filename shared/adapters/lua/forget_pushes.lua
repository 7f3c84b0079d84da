-- Forgets what was pushed to somebody and names one of some people; returns how much that was. Again changes nothing.
-- KEYS: 1 the stream   ARGV: the names, as they stand inside JSON
local forgotten = 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  local fields = entry[2]
  local names_one = false
  for i = 2, #fields, 2 do
    for _, name in ipairs(ARGV) do
      names_one = names_one or string.find(fields[i], name, 1, true) ~= nil
    end
  end
  if names_one then forgotten = forgotten + redis.call('XDEL', KEYS[1], entry[1]) end
end
return forgotten
