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

/**
 * KEYS: run. ARGV: nonce, owner's id, owner, leaseMs, whether to take it over. The epoch is the time in microseconds, or one
 * more than the last: so none comes again when Redis has lost the last ones, or the run was removed.
 * A run without events is forgotten with its lease, so that nothing stays of one that never began.
 */
export const acquire = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'format', 'epoch', 'ownerId', 'owner', 'leaseUntil', 'seq', 'status', 'startedAt', 'born')
if newer(h[1]) then return {'newer', h[1]} end
local at, lease, seq = now(), tonumber(ARGV[4]), tonumber(h[6] or '0')
if h[5] and at < tonumber(h[5]) and h[3] ~= ARGV[2] and ARGV[5] ~= '1' then return {'owned', h[4]} end
local t = redis.call('TIME')
local epoch = whole(math.max(t[1] * 1000000 + t[2], tonumber(h[2] or '0') + 1))
redis.call('HSET', KEYS[1], 'format', ${FORMAT}, 'epoch', epoch, 'token', epoch .. '-' .. ARGV[1], 'ownerId', ARGV[2],
  'owner', ARGV[3], 'leaseUntil', whole(at + lease), 'seq', whole(seq), 'born', h[9] or epoch)
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

/** KEYS: run, log. ARGV: when the run was born, so that none of the same id goes that came after it. */
export const remove = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'born', 'leaseUntil', 'owner')
if h[1] and h[1] ~= ARGV[1] then return {'ok'} end
if h[2] and now() < tonumber(h[2]) then return {'owned', h[3]} end
redis.call('UNLINK', KEYS[1], KEYS[2])
return {'ok'}
`);

/**
 * KEYS: run, log. ARGV: token, epoch, seq before, number of events in all, what this append is recognised by, leaseMs, how
 * many of the events came before these, how many fields and values of the run follow; then these, then events.
 *
 * Entries count once the run's hash says so, which is the last command of the last part: nothing half done counts, be it of
 * a process that died or of a transaction that was cut off in the append-only file, which Redis may bring back. Ids of
 * entries begin with the epoch: what another owner writes later is never refused for what such a one has left.
 */
export const append = script(`${NOW}
local run, log = KEYS[1], KEYS[2]
local expected, count, before = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[7])
local h = redis.call('HMGET', run, 'format', 'token', 'seq', 'owner', 'batch', 'epochs')
if newer(h[1]) then return {'newer', h[1]} end
if h[2] ~= ARGV[1] then return {h[1] and 'fenced' or 'gone', h[4] or ''} end
local seq, batch = tonumber(h[3]), ARGV[1] .. ARGV[5]
if count > 0 and seq == expected + count and h[5] == batch then return {'ok'} end
if seq ~= expected then return {'ends', h[3]} end
if redis.call('XLEN', log) < seq + before then return {'corrupt'} end
local fields = 8 + ARGV[8]
local function id(i) return ARGV[2] .. '-' .. whole(seq + before + i - fields) end
for i = fields + 1, #ARGV do
  local added = redis.pcall('XADD', log, id(i), 'e', ARGV[i])
  if type(added) == 'table' and added.err then
    if not string.find(added.err, 'smaller') then return added end
    if #redis.call('XRANGE', log, id(#ARGV), id(#ARGV)) == 0 then return {'corrupt'} end
    break
  end
end
if before + #ARGV - fields < count then
  if seq == 0 then redis.call('PEXPIRE', log, 600000) end
  return {'ok'}
end
local set = {'seq', whole(seq + count), 'batch', batch, 'leaseUntil', whole(now() + ARGV[6])}
for i = 9, fields do set[i - 2] = ARGV[i] end
local epochs = h[6] or ''
if count > 0 and string.match(epochs, '(%d+):%d+$') ~= ARGV[2] then
  set[#set + 1] = 'epochs'
  set[#set + 1] = epochs .. ' ' .. ARGV[2] .. ':' .. whole(seq + 1)
end
if seq == 0 then
  redis.call('PERSIST', run)
  redis.call('PERSIST', log)
end
for i = math.floor((#set - 1) / 1000) * 1000 + 1, 1, -1000 do
  redis.call('HSET', run, unpack(set, i, math.min(i + 999, #set)))
end
return {'ok'}
`);

/**
 * KEYS: run, log. ARGV: the first seq, how many bytes and how many events at most. Gives the run's seq and token, the id of
 * the last entry that counts, then the texts of events: one at least where there is one, and no more than the bytes but for
 * the last. Entries are got in parts that grow while they are small. What lies in the log before the first event of a later
 * epoch, and would come behind it, does not count.
 */
export const page = script(`${NOW}
local h = redis.call('HMGET', KEYS[1], 'format', 'seq', 'token', 'epochs')
if newer(h[1]) then return {'newer', h[1]} end
local seq, epochs, firsts = tonumber(h[2] or '0'), {}, {}
for epoch, first in string.gmatch(h[4] or '', '(%d+):(%d+)') do
  epochs[#epochs + 1] = epoch
  firsts[#firsts + 1] = tonumber(first)
end
local answer = {'ok', h[2] or '0', h[3] or '', (epochs[#epochs] or '0') .. '-' .. whole(seq)}
local next, most, left, bytes, count, n, at = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), 0, 0, 1, 1
while next <= seq and bytes < most and count < left do
  while firsts[at + 1] and firsts[at + 1] <= next do at = at + 1 end
  local epoch, last = epochs[at] or '0', firsts[at + 1] and firsts[at + 1] - 1 or seq
  local part = redis.call('XRANGE', KEYS[2], epoch .. '-' .. whole(next), epoch .. '-' .. whole(last), 'COUNT', n)
  if #part == 0 then break end
  for i = 1, #part do
    local fields = part[i][2]
    local text = fields[1] == 'e' and #fields == 2 and fields[2] or ''
    answer[#answer + 1] = text
    bytes = bytes + #text
  end
  count, next = count + #part, next + #part
  n = math.max(1, math.min(n * 2, left - count, math.floor((most - bytes) * count / math.max(1, bytes))))
end
return answer
`);
