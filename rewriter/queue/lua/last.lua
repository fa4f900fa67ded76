-- Put behind all commands: refuses keys of another type, before anything is written, and runs what is
-- asked. Returns the answer to each command, or its error.

for n, name in ipairs(KEYS) do
  local kept, wanted = redis.call('TYPE', name).ok, TYPES[n]
  if kept ~= wanted and kept ~= 'none' and wanted ~= 'any' then
    return {err = 'WRONGTYPE the key ' .. name .. ' holds a ' .. kept .. ' where the queue keeps a '
      .. wanted}
  end
end

local answers = {}
for n, asked in ipairs(cjson.decode(ARGV[1])) do
  local fine, answer = pcall(commands[table.remove(asked, 1)], asked)
  if not fine then answer = {err = words_of(answer)} end
  if answer == nil then answer = false end -- nil would end the list
  answers[n] = answer
end
return answers
