-- Gives a message its place in its room and shows it, in one step.
-- KEYS: 1 head (hash), 2 recent (zset: seq -> message), 3 unstored (zset: seq -> message id), 4 place of this message id, 5 unqueued (zset)
-- ARGV: 1 now in microseconds, 2 room id, 3 message id, 4 message as JSON without its closing brace,
--       5 JSON that only the push carries, 6 "1" where the id is known to be new, 7 channel,
--       8 seconds for which ids are remembered, 9 how many recent messages are kept, 10 seconds that an idle
--       room is kept, 11 now as text

-- Days to civil date: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013.
local function iso(microseconds)
  local seconds = math.floor(microseconds / 1000000)
  local fraction = microseconds - seconds * 1000000
  local days = math.floor(seconds / 86400)
  local rest = seconds - days * 86400
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%06dZ', year, month, day,
    math.floor(rest / 3600), math.floor(rest / 60) % 60, rest % 60, fraction)
end

local head = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'last', 'lost_at')
local epoch = head[1]
if not epoch then return {'no_epoch'} end

local mark = ARGV[2] .. '|' .. ARGV[3] .. '|'
local place = redis.call('GET', KEYS[4])
if place then
  local placed_in, seq = string.match(place, '^(%S+) (%d+) ')
  if placed_in ~= epoch then return {'known', place, '1', ''} end
  local is_queued = redis.call('ZSCORE', KEYS[5], mark .. seq) and '0' or '1'
  return {'known', place, is_queued, redis.call('ZRANGEBYSCORE', KEYS[2], seq, seq)[1] or ''}
end

local now = tonumber(ARGV[1])
local lost = head[4]
if ARGV[6] ~= '1' and lost and now / 1000 - tonumber(lost) < tonumber(ARGV[8]) * 1000 then return {'unverified'} end

local seq = tonumber(head[2]) + 1
local at = math.max(now, tonumber(head[3] or '0') + 1)
local created = at == now and ARGV[11] or iso(at)
redis.call('HSET', KEYS[1], 'seq', seq, 'last', string.format('%.0f', at))

local text = ARGV[4] .. ',"createdAt":"' .. created .. '","seq":' .. seq
redis.call('ZADD', KEYS[2], seq, text .. '}')
redis.call('ZADD', KEYS[3], seq, ARGV[3])
redis.call('ZADD', KEYS[5], math.floor(now / 1000), mark .. seq)
if seq > tonumber(ARGV[9]) then
  local lowest = tonumber(redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', math.min(seq - tonumber(ARGV[9]), lowest - 1))
end
redis.call('EXPIRE', KEYS[2], ARGV[10])
redis.call('EXPIRE', KEYS[3], ARGV[10])
if seq % 16 == 0 then redis.call('EXPIRE', KEYS[1], ARGV[10]) end

place = epoch .. ' ' .. seq .. ' ' .. created
redis.call('SET', KEYS[4], place, 'EX', ARGV[8])
redis.call('PUBLISH', ARGV[7], 'm ' .. epoch .. ' ' .. seq .. '\n' .. text .. ARGV[5] .. '}')
return {'posted', place}
