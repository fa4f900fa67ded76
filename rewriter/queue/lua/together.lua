-- Runs commands that many articles ask for within a moment. ARGV: one JSON list of {name, argument,
-- ...}. Returns the answer to each, or its error. `commands` holds the short scripts.

local answers = {}
for n, asked in ipairs(cjson.decode(ARGV[1])) do
  local fine, answer = pcall(commands[table.remove(asked, 1)], asked)
  if answer == undeclared then error(undeclared) end
  if not fine then answer = {err = words_of(answer)} end
  if answer == nil then answer = false end -- nil would end the list
  answers[n] = answer
end
return answers
