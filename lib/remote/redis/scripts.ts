import { script } from './RedisLink.js';

/** How runs are kept. One that was written in a higher format is refused. */
export const FORMAT = 1;

/** Epoch milliseconds by the clock of Redis, as text that keeps every digit. */
const NOW = `
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function whole(n) return string.format('%.0f', n) end
local function newer(format) return format and tonumber(format) > ${FORMAT} end
`;

/** KEYS: epoch. ARGV: at least. */
export const raiseEpoch = script(`
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return {'ok'}
`);

/**
 * KEYS: run. ARGV: lowest epoch, nonce, owner's id, owner, leaseMs, whether to take it over.
 * A run without events is forgotten with its lease, so that nothing stays of one that never began.
 */
export const acquire = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'format', 'epoch', 'ownerId', 'owner', 'leaseUntil', 'seq', 'status', 'startedAt', 'born')
if newer(h[1]) then return {'newer', h[1]} end
local at, lease, seq = now(), tonumber(ARGV[5]), tonumber(h[6] or '0')
if h[5] and at < tonumber(h[5]) and h[3] ~= ARGV[3] and ARGV[6] ~= '1' then return {'owned', h[4]} end
local epoch = whole(math.max(tonumber(ARGV[1]), tonumber(h[2] or '0') + 1))
redis.call('HSET', KEYS[1], 'format', ${FORMAT}, 'epoch', epoch, 'token', epoch .. '-' .. ARGV[2], 'ownerId', ARGV[3],
  'owner', ARGV[4], 'leaseUntil', whole(at + lease), 'seq', whole(seq), 'born', h[9] or epoch)
if seq == 0 then redis.call('PEXPIRE', KEYS[1], lease * 3) end
return {'ok', epoch, whole(seq), h[7] or 'running', h[8] or ''}
`);

/** KEYS: run. ARGV: token, leaseMs. */
export const renew = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'token', 'seq', 'owner')
if h[1] ~= ARGV[1] then return {'fenced', h[3] or ''} end
redis.call('HSET', KEYS[1], 'leaseUntil', whole(now() + ARGV[2]))
if h[2] == '0' then redis.call('PEXPIRE', KEYS[1], ARGV[2] * 3) end
return {'ok'}
`);

/** KEYS: run. ARGV: token. */
export const release = script(`
local h = redis.call('HMGET', KEYS[1], 'token', 'seq')
if h[1] ~= ARGV[1] then return {'ok'} end
if h[2] == '0' then redis.call('DEL', KEYS[1])
else redis.call('HDEL', KEYS[1], 'token', 'ownerId', 'owner', 'leaseUntil') end
return {'ok'}
`);

/** KEYS: run, log, answered. ARGV: when the run was born, so that none of the same id goes that came after it. */
export const remove = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'born', 'leaseUntil', 'owner')
if h[1] and h[1] ~= ARGV[1] then return {'ok'} end
if h[2] and now() < tonumber(h[2]) then return {'owned', h[3]} end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return {'ok'}
`);

/**
 * KEYS: staged. ARGV: how many events lie there before these, how long they stay there at most (ms), epoch, seq of the
 * first, then events. A part that is there already, or for which one is missing, changes nothing.
 */
export const stage = script(`
local there = redis.call('XLEN', KEYS[1])
if there == ARGV[1] + #ARGV - 4 then return {'ok'} end
if there ~= tonumber(ARGV[1]) then return {'unstaged'} end
for i = 5, #ARGV do
  redis.call('XADD', KEYS[1], string.format('%.0f', ARGV[4] + i - 5) .. '-' .. ARGV[3], 'e', ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {'ok'}
`);

/**
 * KEYS: run, log, answered, and staged where the events lie there. ARGV: token, epoch, seq before, number of events, what
 * this append is recognised by, leaseMs, how many texts about the run follow (fields and values), how many about answers
 * (the same), how many staged events are copied at a time; then the texts of both, then events.
 * All checks come before the first change, and whatever can fail is a first change: a script has no way back.
 */
export const append = script(`${NOW}
local run, log, staged = KEYS[1], KEYS[2], KEYS[4]
local expected, count = tonumber(ARGV[3]), tonumber(ARGV[4])
local h = redis.call('HMGET', run, 'format', 'token', 'seq', 'owner', 'batch')
if newer(h[1]) then return {'newer', h[1]} end
if h[2] ~= ARGV[1] then return {h[1] and 'fenced' or 'gone', h[4] or ''} end
local seq = tonumber(h[3])
if count > 0 and seq == expected + count and h[5] == ARGV[1] .. ARGV[5] then return {'ok'} end
if seq ~= expected then return {'ends', h[3]} end
if redis.call('XLEN', log) ~= seq then return {'corrupt'} end
if staged and redis.call('XLEN', staged) ~= count then return {'unstaged'} end
local texts, answers = 9 + ARGV[7], 9 + ARGV[7] + ARGV[8]
if answers > texts then redis.call('HLEN', KEYS[3]) end
if staged and seq == 0 then
  redis.call('RENAME', staged, log)
  redis.call('PERSIST', log)
elseif staged then
  local from, page, size = '-', tonumber(ARGV[9])
  repeat
    local part = redis.call('XRANGE', staged, from, '+', 'COUNT', page)
    size = #part
    for i = 1, size do redis.call('XADD', log, part[i][1], 'e', part[i][2][2]) end
    if size > 0 then from = '(' .. part[size][1] end
  until size < page
  redis.call('UNLINK', staged)
else
  for i = 1, count do redis.call('XADD', log, whole(seq + i) .. '-' .. ARGV[2], 'e', ARGV[answers + i]) end
end
for i = 10, texts, 2 do redis.call('HSET', run, ARGV[i], ARGV[i + 1]) end
for i = texts + 1, answers, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', run, 'seq', whole(seq + count), 'batch', ARGV[1] .. ARGV[5], 'leaseUntil', whole(now() + ARGV[6]))
if seq == 0 then redis.call('PERSIST', run) end
return {'ok'}
`);

/**
 * KEYS: run, log. ARGV: the first seq, or the whole id of an entry, how many bytes and how many entries at most.
 * Gives the run's seq and token, then the ids and texts of entries: one at least where there is one, and no more than the
 * bytes but for the last. Entries are got in parts that grow while they are small.
 */
export const page = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'format', 'seq', 'token')
if newer(h[1]) then return {'newer', h[1]} end
local answer = {'ok', h[2] or '0', h[3] or ''}
local from, most, left, bytes, n, size = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), 0, 1
local count = 0
repeat
  local part = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', n)
  size = #part
  for i = 1, size do
    local id, fields = part[i][1], part[i][2]
    answer[#answer + 1] = id
    answer[#answer + 1] = fields[1] == 'e' and #fields == 2 and fields[2] or ''
    bytes = bytes + #answer[#answer]
    from = '(' .. id
  end
  count = count + size
  if size < n or bytes >= most or count >= left then break end
  n = math.max(1, math.min(n * 2, left - count, math.floor((most - bytes) * count / math.max(1, bytes))))
until false
return answer
`);
