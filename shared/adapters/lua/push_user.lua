-- Keeps a push in a user's stream and shows it, in one step; returns how many processes heard it.
-- KEYS: 1 the stream   ARGV: 1 the channel, 2 the parcel's header, 3 the push as JSON, 4 how many are kept, 5 seconds that an idle stream is kept
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'push', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return redis.call('PUBLISH', ARGV[1], ARGV[2] .. '\n' .. ARGV[3])
