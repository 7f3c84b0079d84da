-- Copies the sign-ins that have ended, then marks the copy as whole, in one step.
-- KEYS: 1 the mark, then the sign-ins   ARGV: 1 seconds of the mark, then the seconds of each sign-in
for place = 2, #KEYS do
  redis.call('SET', KEYS[place], '1', 'EX', ARGV[place])
end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
return #KEYS
