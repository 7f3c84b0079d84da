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

local call = redis.call
local head = call('HMGET', KEYS[1], 'epoch', 'seq', 'last', 'lost_at')
local epoch = head[1]
if not epoch then return {'no_epoch'} end

local now, lost = tonumber(ARGV[1]), head[4]
local seq = tonumber(head[2]) + 1
local at = math.max(now, tonumber(head[3] or '0') + 1)
local created = at == now and ARGV[11] or iso(at)
local mark = ARGV[2] .. '|' .. ARGV[3] .. '|'

local place = epoch .. ' ' .. seq .. ' ' .. created
local known
if ARGV[6] ~= '1' and lost and now / 1000 - tonumber(lost) < tonumber(ARGV[8]) * 1000 then
  known = call('GET', KEYS[4])
  if not known then return {'unverified'} end
else
  known = call('SET', KEYS[4], place, 'EX', ARGV[8], 'NX', 'GET')
end
if known then
  local placed_in, placed_at = string.match(known, '^(%S+) (%d+) ')
  if placed_in ~= epoch then return {'known', known, '1', ''} end
  local is_queued = call('ZSCORE', KEYS[5], mark .. placed_at) and '0' or '1'
  return {'known', known, is_queued, call('ZRANGEBYSCORE', KEYS[2], placed_at, placed_at)[1] or ''}
end

call('HSET', KEYS[1], 'seq', seq, 'last', at == now and ARGV[1] or string.format('%.0f', at))
local text = ARGV[4] .. ',"createdAt":"' .. created .. '","seq":' .. seq
call('ZADD', KEYS[2], seq, text .. '}')
call('ZADD', KEYS[3], seq, ARGV[3])
call('ZADD', KEYS[5], math.floor(now / 1000), mark .. seq)
if seq > tonumber(ARGV[9]) then
  local lowest = tonumber(call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2])
  call('ZREMRANGEBYSCORE', KEYS[2], '-inf', math.min(seq - tonumber(ARGV[9]), lowest - 1))
end
-- Each write costs the server's log as much as the message itself, so a room's life is prolonged now and then: often
-- enough for any that lives, and whenever a key may just have been made.
local is_turn = seq % 16 == 0
if is_turn then call('EXPIRE', KEYS[1], ARGV[10]) end
if is_turn or call('ZCARD', KEYS[2]) == 1 then call('EXPIRE', KEYS[2], ARGV[10]) end
if is_turn or call('ZCARD', KEYS[3]) == 1 then call('EXPIRE', KEYS[3], ARGV[10]) end

call('PUBLISH', ARGV[7], 'm ' .. epoch .. ' ' .. seq .. '\n' .. text .. ARGV[5] .. '}')
return {'posted', place}
