-- Put behind all commands: runs what is asked. Returns the answer to each command, or its error.

local answers = {}
for n, asked in ipairs(cjson.decode(ARGV[1])) do
  local fine, answer = pcall(commands[table.remove(asked, 1)], asked)
  if not fine then
    answer = {err = type(answer) == 'table' and answer.err or tostring(answer)}
  end
  if answer == nil then answer = false end -- nil would end the list
  answers[n] = answer
end
return answers
