-- Makes the recent messages of one author in a room nameless, and takes their files off them; again changes nothing.
-- KEYS: 1 recent (zset: seq -> message as JSON); ARGV: 1 the author's field as JSON, 2 the field in its place
-- Inside a text of the JSON every quote is escaped, so the fields that are looked for are never anybody's words.
local changed = 0
local entries = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #entries, 2 do
  local from, to = string.find(entries[i], ARGV[1], 1, true)
  if from then
    local text = string.sub(entries[i], 1, from - 1) .. ARGV[2] .. string.sub(entries[i], to + 1)
    text = string.gsub(text, ',"key":"[^"]*"', '', 1)
    redis.call('ZREM', KEYS[1], entries[i])
    redis.call('ZADD', KEYS[1], entries[i + 1], text)
    changed = changed + 1
  end
end
return changed
