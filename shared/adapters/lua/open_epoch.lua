-- Opens an epoch of a room where there is none, and returns the head: epoch, seq, lost_at.
-- KEYS: 1 head, 2 recent, 3 unstored
-- ARGV: 1 epoch, 2 sequence number to start above, 3 creation time to start above (microseconds),
--       4 when memory was lost (epoch milliseconds) or "" for a new room, 5 channel, 6 seconds that an idle room is kept
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'seq', ARGV[2], 'last', ARGV[3])
  redis.call('EXPIRE', KEYS[1], ARGV[6])
  if ARGV[4] ~= '' then
    redis.call('HSET', KEYS[1], 'lost_at', ARGV[4])
    redis.call('PUBLISH', ARGV[5], 'r ' .. ARGV[1] .. ' ' .. ARGV[2] ..
      '\n{"type":"resync","lastSeq":' .. ARGV[2] .. ',"epoch":"' .. ARGV[1] .. '"}')
  end
end
return redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'lost_at')
