-- Tells whether a sign-in has ended, and whether this server's list of ended sign-ins is whole.
-- KEYS: 1 the sign-in, 2 the mark of a whole list
return redis.call('EXISTS', KEYS[1], KEYS[1]) + redis.call('EXISTS', KEYS[2])
