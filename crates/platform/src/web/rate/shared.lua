-- Counts a request against the quota of each key: against all, or against none if one rejects it. Implements the
-- same algorithm as rule.rs. ARGV: requests per minute for each key, then the time in tests.
-- Returns 1 if the request is admitted and 0 if not, then the debt of each key in microseconds.
local period = 60000000
local now = tonumber(ARGV[#KEYS + 1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local debts, costs, let_in = {}, {}, 1
for i, key in ipairs(KEYS) do
  local paid_at = tonumber(redis.call('GET', key) or now) or now
  local debt = math.max(paid_at - now, 0)
  if debt > period then debt = 0 end
  costs[i] = math.max(math.floor(period / tonumber(ARGV[i])), 1)
  debts[i] = debt
  if debt + costs[i] > period then let_in = 0 end
end
local answer = { let_in }
for i, key in ipairs(KEYS) do
  local debt = debts[i]
  if let_in == 1 then
    debt = debt + costs[i]
    redis.call('SET', key, string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
  end
  answer[i + 1] = debt
end
return answer
